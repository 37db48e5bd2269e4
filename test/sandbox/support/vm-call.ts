import { randomUUID } from "node:crypto";
import type { Sandbox } from "../../../src/sandbox/index.js";
import { lookUp } from "./caller.js";
import {
  A_WEDNESDAY,
  CONSUMER_ASID,
  type HttpMethod,
  NHS_SYSTEM,
  ODS_SYSTEM,
  send,
  token,
  type WireResponse,
} from "./wire.js";

export const DIRECTORY_INTERACTION =
  "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1";
export const VM_INTERACTION = DIRECTORY_INTERACTION.replace(/:1$/, "");
export const IAT = Math.floor(A_WEDNESDAY / 1000);
export const VM_CODE = "code=https://fhir.nhs.uk/fhir-observation-code-1%7C0001";
export const vmSubject = (number: string) => `subject:Patient.identifier=${NHS_SYSTEM}%7C${number}`;

/** The claims of a valid V&M token with changes. */
export function vmClaims(number: string, changes: Record<string, unknown> = {}): object {
  return {
    iss: "https://consumer.example",
    sub: "555000000001",
    aud: "https://authorize.fhir.nhs.uk/token",
    iat: IAT,
    exp: IAT + 300,
    reason_for_request: "directcare",
    requested_record: { resourceType: "Patient", identifier: [{ system: NHS_SYSTEM, value: number }] },
    requested_scopes: "patient/Observation.read",
    requesting_device: {
      resourceType: "Device",
      identifier: [{ system: "urn:d", value: "1" }],
      model: "M",
      version: "1",
    },
    requesting_organization: {
      resourceType: "Organization",
      identifier: [{ system: ODS_SYSTEM, value: "T82000" }],
      name: "Consumer Practice",
    },
    requesting_practitioner: {
      resourceType: "Practitioner",
      identifier: [{ system: "https://fhir.nhs.uk/Id/sds-role-profile-id", value: "555000000001" }],
    },
    ...changes,
  };
}

export interface VmChanges {
  readonly path?: string;
  readonly query?: string;
  readonly method?: HttpMethod;
  readonly headers?: Record<string, string>;
  readonly claims?: Record<string, unknown>;
  /** The whole token instead of one with the claims. */
  readonly jwt?: string;
}

/** A valid V&M request for a patient, with changes. */
export async function callVm(
  sandbox: Sandbox,
  number: string,
  changes: VmChanges = {},
): Promise<WireResponse> {
  const { root, asid } = await lookUp(sandbox, "YES", DIRECTORY_INTERACTION);
  const query = changes.query ?? `${vmSubject(number)}&${VM_CODE}`;
  return send(`${root}${changes.path ?? `/Observation?${query}`}`, {
    method: changes.method ?? "GET",
    headers: {
      "ssp-traceid": randomUUID(),
      "ssp-from": CONSUMER_ASID,
      "ssp-to": asid,
      "ssp-interactionid": VM_INTERACTION,
      "ssp-version": "1",
      authorization: `Bearer ${changes.jwt ?? token(vmClaims(number, changes.claims))}`,
      accept: "application/json+fhir",
      ...changes.headers,
    },
  });
}
