/** The scopes of GP Connect audit tokens. */
export const SCOPES = ["patient/*.read", "patient/*.write", "organization/*.read"] as const;

/** Whether a text is a scope. */
export function isScope(text: string): text is (typeof SCOPES)[number] {
  return SCOPES.some((scope) => scope === text);
}

/**
 * Creates a valid audit token for trying requests by hand. A consumer must create its own.
 *
 * @param nowMs the sandbox time; the token expires five minutes later
 */
export function createAuditToken(scope: (typeof SCOPES)[number], odsCode: string, nowMs: number): string {
  return encodeToken({
    ...commonClaims(odsCode, nowMs),
    sub: "sandbox-user",
    aud: "https://authorize.fhir.nhs.net/token",
    requested_scope: scope,
    requesting_practitioner: {
      resourceType: "Practitioner",
      id: "sandbox-user",
      identifier: [{ system: "https://fhir.nhs.uk/Id/sds-user-id", value: "UNK" }],
      name: [{ family: "Tester", given: ["Terry"] }],
    },
  });
}

/** Creates a valid Visitors & Migrants token about one patient, for trying requests by hand. */
export function createVmToken(nhsNumber: string, odsCode: string, nowMs: number): string {
  const roleProfileId = "444555666777";
  return encodeToken({
    ...commonClaims(odsCode, nowMs),
    sub: roleProfileId,
    aud: "https://authorize.fhir.nhs.uk/token",
    requested_scopes: "patient/Observation.read",
    requesting_practitioner: {
      resourceType: "Practitioner",
      identifier: [{ system: "https://fhir.nhs.uk/Id/sds-role-profile-id", value: roleProfileId }],
      name: { family: ["Tester"], given: ["Terry"] },
    },
    requested_record: {
      resourceType: "Patient",
      identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: nhsNumber }],
    },
  });
}

function commonClaims(odsCode: string, nowMs: number): object {
  const iat = Math.floor(nowMs / 1000);
  return {
    iss: "https://sandbox.example",
    iat,
    exp: iat + 300,
    reason_for_request: "directcare",
    requesting_device: {
      resourceType: "Device",
      identifier: [{ system: "https://sandbox.example/Id/device", value: "curl" }],
      model: "Sandbox walk",
      version: "1",
    },
    requesting_organization: {
      resourceType: "Organization",
      identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: odsCode }],
      name: "Sandbox consumer",
    },
  };
}

function encodeToken(claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`;
}
