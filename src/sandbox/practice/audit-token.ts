import { identifierOf, isObject, type JsonObject, objectsIn, textOf } from "../shared/json.js";
import { readUnsignedToken } from "../shared/unsigned-token.js";
import { refuse } from "./outcome.js";

const TEXT_CLAIMS = ["iss", "sub", "aud", "reason_for_request", "requested_scope"] as const;

const RESOURCES = {
  requesting_device: "Device",
  requesting_organization: "Organization",
  requesting_practitioner: "Practitioner",
} as const;

/** `exp` must be exactly five minutes after `iat` (GP Connect notes, 5.2). */
const LIFE_SECONDS = 300;
/** Times from here on (the year 5138 in seconds) are milliseconds by mistake. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** Elements of the STU3 resources. A strict parser refuses any other (P-J7). */
const ELEMENTS_OF_ALL = [
  "resourceType",
  "id",
  "meta",
  "implicitRules",
  "language",
  "text",
  "contained",
  "extension",
];
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  Device: [
    ...[
      "identifier",
      "udi",
      "status",
      "type",
      "lotNumber",
      "manufacturer",
      "manufactureDate",
      "expirationDate",
    ],
    ...["model", "version", "patient", "owner", "contact", "location", "url", "note", "safety"],
  ],
  Organization: [
    ...[
      "identifier",
      "active",
      "type",
      "name",
      "alias",
      "telecom",
      "address",
      "partOf",
      "contact",
      "endpoint",
    ],
  ],
  Practitioner: [
    ...[
      "identifier",
      "active",
      "name",
      "telecom",
      "address",
      "gender",
      "birthDate",
      "photo",
      "qualification",
    ],
    ...["communication"],
  ],
};

/**
 * Checks the audit token of a request (GP Connect notes, section 5). `aud` must be present but its value is not
 * compared, and `iat` may lie in the future, as at real providers.
 */
export function checkAuditToken(authorization: string | undefined, scope: string, nowMs: number): void {
  const claims = readUnsignedToken(authorization);
  if (typeof claims === "string") refuse("BAD_REQUEST", claims);
  for (const name of TEXT_CLAIMS) {
    if (!textOf(claims[name])) refuse("BAD_REQUEST", `JWT claim ${name} missing or not a text`);
  }
  checkTimes(claims, nowMs);
  if (claims.reason_for_request !== "directcare")
    refuse("BAD_REQUEST", "JWT reason_for_request is not directcare");
  if (claims.requested_scope !== scope) refuse("BAD_REQUEST", `JWT requested_scope must be ${scope} here`);
  if (claims.requested_record !== undefined)
    refuse("BAD_REQUEST", "JWT requested_record is a claim of version 0.x");
  const device = resourceClaim(claims, "requesting_device");
  const organisation = resourceClaim(claims, "requesting_organization");
  const practitioner = resourceClaim(claims, "requesting_practitioner");
  checkDevice(device);
  checkOrganisation(organisation);
  checkPractitioner(practitioner, claims.sub);
}

function checkTimes(claims: JsonObject, nowMs: number): void {
  const { iat, exp } = claims;
  if (!Number.isInteger(iat) || !Number.isInteger(exp) || Number(iat) >= FIRST_MILLISECONDS)
    refuse("BAD_REQUEST", "JWT iat and exp must be whole seconds");
  if (Number(exp) - Number(iat) !== LIFE_SECONDS) refuse("BAD_REQUEST", "JWT exp must be iat + 300");
  if (Number(exp) * 1000 <= nowMs) refuse("BAD_REQUEST", "JWT has expired");
}

function resourceClaim(claims: JsonObject, name: keyof typeof RESOURCES): JsonObject {
  const resource = claims[name];
  if (!isObject(resource)) refuse("BAD_REQUEST", `JWT claim ${name} missing or not an object`);
  if (resource.resourceType !== RESOURCES[name]) {
    refuse("BAD_REQUEST", `JWT claim ${name} must be a ${RESOURCES[name]}`, 422);
  }
  const known = [...ELEMENTS_OF_ALL, ...(ELEMENTS[RESOURCES[name]] ?? [])];
  for (const element of Object.keys(resource)) {
    if (!known.includes(element))
      refuse("INVALID_RESOURCE", `JWT claim ${name} has the unknown element ${element}`);
  }
  return resource;
}

function checkDevice(device: JsonObject): void {
  if (!objectsIn(device.identifier).some(({ system, value }) => textOf(system) && textOf(value)))
    refuse("BAD_REQUEST", "JWT requesting_device has no identifier with system and value");
  if (!textOf(device.model) || !textOf(device.version)) {
    refuse("BAD_REQUEST", "JWT requesting_device needs model and version");
  }
}

/** The second is the system of early releases, still accepted (P-J10). */
const ODS_SYSTEMS = [
  "https://fhir.nhs.uk/Id/ods-organization-code",
  "http://fhir.nhs.net/Id/ods-organization-code",
];

function checkOrganisation(organisation: JsonObject): void {
  if (!ODS_SYSTEMS.some((system) => identifierOf(organisation, system))) {
    refuse("BAD_REQUEST", "JWT requesting_organization has no ODS code");
  }
  if (!textOf(organisation.name)) refuse("BAD_REQUEST", "JWT requesting_organization has no name");
}

/** Only the SDS user id is required: existing consumers leave out the other identifiers (notes, 5.2). */
function checkPractitioner(practitioner: JsonObject, subject: unknown): void {
  if (practitioner.id !== subject) refuse("BAD_REQUEST", "JWT sub must be the id of requesting_practitioner");
  if (!identifierOf(practitioner, "https://fhir.nhs.uk/Id/sds-user-id")) {
    refuse("BAD_REQUEST", "JWT requesting_practitioner has no SDS user id");
  }
  const [name] = objectsIn(practitioner.name);
  if (!name) refuse("BAD_REQUEST", "JWT requesting_practitioner has no name");
  // A list of family names is DSTU2. A strict STU3 parser fails on it, hence 422 (notes, 5.3).
  if (Array.isArray(name.family)) refuse("BAD_REQUEST", "JWT practitioner's family name must be a text", 422);
  if (!textOf(name.family)) refuse("BAD_REQUEST", "JWT requesting_practitioner has no family name");
  if (!Array.isArray(name.given) || !name.given.some(textOf)) {
    refuse("BAD_REQUEST", "JWT requesting_practitioner has no given name");
  }
}
