import { type Dispatcher, request } from "undici";

/** A clock that only the test moves. */
export class FakeClock {
  constructor(public ms: number) {}

  now(): number {
    return this.ms;
  }
}

/** A Wednesday morning in winter, 09:41 in London. */
export const A_WEDNESDAY = Date.parse("2026-01-14T09:41:00Z");

export const CONSUMER_ASID = "200000000115";
export const INTERACTION = "urn:nhs:names:services:gpconnect:fhir:";
export const ODS_SYSTEM = "https://fhir.nhs.uk/Id/ods-organization-code";
export const NHS_SYSTEM = "https://fhir.nhs.uk/Id/nhs-number";
export const ALL_INCLUDES =
  "_include=Slot:schedule&_include:recurse=Schedule:actor:Practitioner&_include:recurse=Schedule:actor:Location" +
  "&_include:recurse=Location:managingOrganization";

// biome-ignore lint/suspicious/noExplicitAny: tests read responses of any shape
export type Json = any;

export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "OPTIONS";

export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly json: Json;
}

/** Sends a request and reads the whole response. */
export async function send(
  url: string,
  options: {
    method?: HttpMethod;
    headers?: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
    /** The connections to use, for TLS. */
    dispatcher?: Dispatcher | undefined;
  } = {},
): Promise<WireResponse> {
  const { method = "GET", headers = {}, body = null, signal = null, dispatcher } = options;
  const response = await request(url, { method, headers, body, signal, ...(dispatcher && { dispatcher }) });
  const text = await response.body.text();
  return { status: response.statusCode, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The Spine code (or the number, for the proxy) of an OperationOutcome. */
export function codeOf(reply: WireResponse): string | undefined {
  return reply.json?.issue?.[0]?.details?.coding?.[0]?.code;
}

const part = (value: object) => Buffer.from(JSON.stringify(value), "utf8").toString("base64url");

/** An unsigned token with the given claims and header. */
export function token(claims: object, header: object = { alg: "none", typ: "JWT" }): string {
  return `${part(header)}.${part(claims)}.`;
}

/** The claims of GP Connect's audit token. */
export function auditClaims(scope: string, nowMs: number, changes: Record<string, unknown> = {}): object {
  const iat = Math.floor(nowMs / 1000) - 2;
  return {
    iss: "https://consumer.example/fhir",
    sub: "user-7",
    aud: "https://authorize.fhir.nhs.net/token",
    iat,
    exp: iat + 300,
    reason_for_request: "directcare",
    requested_scope: scope,
    requesting_device: {
      resourceType: "Device",
      identifier: [{ system: "https://consumer.example/Id/device", value: "D1" }],
      model: "Consumer",
      version: "1.0",
    },
    requesting_organization: {
      resourceType: "Organization",
      identifier: [{ system: ODS_SYSTEM, value: "T82000" }],
      name: "Consumer Practice",
    },
    requesting_practitioner: {
      resourceType: "Practitioner",
      id: "user-7",
      identifier: [{ system: "https://fhir.nhs.uk/Id/sds-user-id", value: "UNK" }],
      name: [{ family: "Tester", given: ["Terry"] }],
    },
    ...changes,
  };
}
