import type { Caller, ConsumerSystem } from "../../domain/caller.js";
import type { NhsNumber } from "../../domain/nhs-number.js";

const AUDIENCE = "https://authorize.fhir.nhs.uk/token";
const LIFETIME_SECONDS = 300;
/** Subtracted from the issue time, so that Spine accepts the token when its clock is behind ours. */
const CLOCK_ALLOWANCE_SECONDS = 2;

export interface TokenSubject {
  readonly caller: Caller;
  readonly system: ConsumerSystem;
  /** The number in the query. Spine responds `REQUEST_UNMATCHED` to any other. */
  readonly nhsNumber: NhsNumber;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The unsigned audit token of one V&M request (V&M notes, section 3). It differs from GP Connect's: `requested_scopes`
 * is plural, the audience is fixed and the requested record is named. Its resources are DSTU2.
 *
 * @returns header and claims, base64url, with the trailing dot of an empty signature.
 */
export function createToken({ caller, system, nhsNumber, now }: TokenSubject): string {
  const { organisation } = caller;
  const practitioner = practitionerIdentifier(caller);
  const issuedAt = Math.floor(now / 1000) - CLOCK_ALLOWANCE_SECONDS;
  const claims = {
    iss: system.url,
    sub: practitioner.value,
    aud: AUDIENCE,
    iat: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
    reason_for_request: "directcare",
    requested_record: {
      resourceType: "Patient",
      identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: nhsNumber }],
    },
    requested_scopes: "patient/Observation.read",
    requesting_device: {
      resourceType: "Device",
      id: organisation.asid,
      identifier: [{ system: "https://fhir.nhs.uk/Id/accredited-system", value: organisation.asid }],
      type: {
        coding: [
          {
            system: "http://snomed.info/sct",
            code: "462240000",
            display: "Patient health record information system (physical object)",
          },
        ],
      },
      model: system.product,
      version: system.version,
    },
    requesting_organization: {
      resourceType: "Organization",
      id: organisation.odsCode,
      identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: organisation.odsCode }],
      name: organisation.name,
    },
    requesting_practitioner: {
      resourceType: "Practitioner",
      id: "requesting-practitioner",
      identifier: [practitioner],
      // A smartcard's role profile names the organisation; a local identifier does not.
      ...(practitioner.system === LOCAL_PRACTITIONER && {
        practitionerRole: [{ managingOrganization: { reference: `Organization/${organisation.odsCode}` } }],
      }),
    },
  };
  return `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`;
}

const ROLE_PROFILE = "https://fhir.nhs.uk/Id/sds-role-profile-id";
const LOCAL_PRACTITIONER = "https://fhir.nhs.uk/Id/local-practitioner-identifier";

function practitionerIdentifier({ person }: Caller): { system: string; value: string } {
  return person.sdsRoleProfileId
    ? { system: ROLE_PROFILE, value: person.sdsRoleProfileId }
    : { system: LOCAL_PRACTITIONER, value: person.localId };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part), "utf8").toString("base64url");
}
