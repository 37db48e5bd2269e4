import { identifierOf, isObject, type JsonObject, objectsIn, textOf } from "../shared/json.js";
import { readVmJwt } from "./vm-jwt.js";
import { refuseVm } from "./vm-outcome.js";

const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
const ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code";
const AUDIENCE = "https://authorize.fhir.nhs.uk/token";
/** The table of claims and its example differ; both spellings are accepted (V&M notes, section 9, row 2). */
const SCOPES: readonly unknown[] = ["patient/Observation.read", "patient/*.read"];
/** Identifier systems of smartcard users, in two spellings (row 11), and of local users. */
const USER_SYSTEMS: readonly unknown[] = [
  "https://fhir.nhs.uk/Id/sds-role-profile-id",
  "https://fhir.nhs.uk/sds-role-profile-id",
  "https://fhir.nhs.uk/Id/local-practitioner-identifier",
];
const LONGEST_LIFE_SECONDS = 300;

/** What a valid token says. The spellings are those of section 9, rows 2 and 11, for the log. */
export interface VmTokenContent {
  /** The NHS number of `requested_record`, which must equal that of the query. */
  readonly nhsNumber: string;
  readonly scope: string;
  readonly userSystem: string;
}

/**
 * Checks the V&M token, whose claims differ from the GP Connect token (V&M notes, section 3).
 */
export function checkVmToken(authorization: string | undefined, nowMs: number): VmTokenContent {
  const claims = readVmJwt(authorization);
  if (typeof claims === "string") refuse(claims);
  if (!textOf(claims.iss)) refuse("JWT iss missing");
  if (claims.aud !== AUDIENCE) refuse("JWT aud must be the authorisation server");
  if (claims.reason_for_request !== "directcare") refuse("JWT reason_for_request is not directcare");
  if (!SCOPES.includes(claims.requested_scopes)) refuse("JWT requested_scopes missing or wrong");
  checkTimes(claims, nowMs);
  const device = resourceClaim(claims, "requesting_device", "Device");
  if (objectsIn(device.identifier).length === 0) refuse("JWT requesting_device has no identifier");
  const organisation = resourceClaim(claims, "requesting_organization", "Organization");
  if (!identifierOf(organisation, ODS_CODE)) refuse("JWT requesting_organization has no ODS code");
  const userSystem = checkPractitioner(
    resourceClaim(claims, "requesting_practitioner", "Practitioner"),
    claims.sub,
  );
  const nhsNumber = identifierOf(resourceClaim(claims, "requested_record", "Patient"), NHS_NUMBER);
  if (!nhsNumber) refuse("JWT requested_record has no NHS number");
  return { nhsNumber, scope: String(claims.requested_scopes), userSystem };
}

function checkTimes({ iat, exp }: JsonObject, nowMs: number): void {
  if (!Number.isInteger(iat) || !Number.isInteger(exp)) refuse("JWT iat and exp must be whole seconds");
  const life = Number(exp) - Number(iat);
  if (life <= 0 || life > LONGEST_LIFE_SECONDS) refuse("JWT must live 300 seconds at most");
  if (Number(exp) * 1000 <= nowMs) refuse("JWT has expired");
}

function resourceClaim(claims: JsonObject, name: string, resourceType: string): JsonObject {
  const resource = claims[name];
  if (!isObject(resource) || resource.resourceType !== resourceType)
    refuse(`JWT ${name} must be a ${resourceType}`);
  return resource;
}

/** @returns the identifier system of the user. */
function checkPractitioner(practitioner: JsonObject, subject: unknown): string {
  const own = objectsIn(practitioner.identifier).find(
    ({ system, value }) => USER_SYSTEMS.includes(system) && value === subject,
  );
  if (!textOf(subject) || !own) refuse("JWT sub must be the identifier of requesting_practitioner");
  return String(own.system);
}

function refuse(diagnostics: string): never {
  refuseVm("MISSING_OR_INVALID_HEADER", diagnostics);
}
