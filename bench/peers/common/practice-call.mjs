import { randomUUID } from "node:crypto";
import { settings } from "./settings.mjs";
import { callUpstream } from "./upstream.mjs";

export const ASID = "200000000115";
const SYSTEM = "https://peer.example";
const TOKEN_HEAD = encode({ alg: "none", typ: "JWT" });

/** One call to a practice through the proxy, with the headers and the unsigned token of GP Connect. */
export function callPractice(context, practice, { interaction, scope, path, nhsNumber, method, body }) {
  return callUpstream(context, {
    service: "SSP",
    interaction,
    nhsNumber,
    url: `${settings.sspUrl}/${practice.address}/${path}`,
    method,
    body,
    headers: {
      accept: "application/fhir+json",
      "ssp-traceid": randomUUID(),
      "ssp-from": ASID,
      "ssp-to": practice.asid,
      "ssp-interactionid": `urn:nhs:names:services:gpconnect:fhir:rest:${interaction}`,
      authorization: `Bearer ${createToken(practice.address, scope)}`,
      ...(body === undefined ? {} : { "content-type": "application/fhir+json;charset=utf-8" }),
    },
  });
}

/** The unsigned token that names the person, the organisation and the reason of a call. */
export function createToken(audience, scope) {
  const issuedAt = Math.floor(Date.now() / 1000) - 2;
  const claims = {
    iss: SYSTEM,
    sub: "1",
    aud: audience,
    exp: issuedAt + 300,
    iat: issuedAt,
    reason_for_request: "directcare",
    requested_scope: scope,
    requesting_device: {
      resourceType: "Device",
      identifier: [{ system: `${SYSTEM}/Id/device-identifier`, value: "peer" }],
      model: "peer",
      version: "1",
    },
    requesting_organization: {
      resourceType: "Organization",
      identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "A12345" }],
      name: "Peer",
    },
    requesting_practitioner: {
      resourceType: "Practitioner",
      id: "1",
      identifier: [
        { system: "https://fhir.nhs.uk/Id/sds-user-id", value: "UNK" },
        { system: "https://fhir.nhs.uk/Id/sds-role-profile-id", value: "UNK" },
        { system: `${SYSTEM}/Id/user-guid`, value: "1" },
      ],
      name: [{ family: "Peer", given: ["Pat"] }],
    },
  };
  return `${TOKEN_HEAD}.${encode(claims)}.`;
}

function encode(part) {
  return Buffer.from(JSON.stringify(part), "utf8").toString("base64url");
}
