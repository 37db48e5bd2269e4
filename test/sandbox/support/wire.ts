import { randomUUID } from "node:crypto";
import { request } from "undici";
import type { Sandbox } from "../../../src/sandbox/index.js";

/** A clock that stands still until a test moves it. */
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

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
export type Json = any;

export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly json: Json;
}

/** Sends a request as it stands and reads the whole answer. */
export async function send(
  url: string,
  options: { method?: HttpMethod; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const { method = "GET", headers = {}, body = null } = options;
  const answer = await request(url, { method, headers, body });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, text, json: parse(text) };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The Spine code (or the number, for the proxy) of an OperationOutcome. */
export function codeOf(reply: Reply): string | undefined {
  return reply.json?.issue?.[0]?.details?.coding?.[0]?.code;
}

const part = (value: object) => Buffer.from(JSON.stringify(value), "utf8").toString("base64url");

/** An unsigned token: the given claims behind the given header. */
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

/** What SDS says about one interaction of an organisation: where it is and who it is. */
export async function lookUp(
  sandbox: Sandbox,
  odsCode: string,
  interaction = `${INTERACTION}rest:search:slot-1`,
): Promise<{ root: string; asid: string }> {
  const identifier = (name: string, value: string) => `identifier=https://fhir.nhs.uk/Id/${name}%7C${value}`;
  const organization = `organization=${ODS_SYSTEM}%7C${odsCode}`;
  const byInteraction = identifier("nhsServiceInteractionId", interaction);
  const headers = { apikey: "any" };
  const endpoint = await send(`${sandbox.sdsUrl}/Endpoint?${organization}&${byInteraction}`, { headers });
  const resource = endpoint.json.entry[0].resource;
  const partyKey = resource.identifier.find((one: Json) => one.system.endsWith("nhsMhsPartyKey")).value;
  const byPartyKey = identifier("nhsMhsPartyKey", partyKey);
  const device = await send(`${sandbox.sdsUrl}/Device?${organization}&${byInteraction}&${byPartyKey}`, {
    headers,
  });
  const asid = device.json.entry[0].resource.identifier.find((one: Json) =>
    one.system.endsWith("nhsSpineASID"),
  ).value;
  return { root: resource.address, asid };
}

export interface Call {
  readonly interaction: string;
  readonly scope: string;
  readonly path: string;
  readonly method?: HttpMethod;
  readonly body?: object | string;
  readonly headers?: Record<string, string>;
  readonly claims?: Record<string, unknown>;
  readonly root?: string;
  readonly asid?: string;
  readonly authorization?: string;
}

/** A caller of one practice through the proxy, with everything right unless a call says otherwise. */
export class Caller {
  private constructor(
    readonly sandbox: Sandbox,
    readonly clock: { now(): number },
    readonly root: string,
    readonly asid: string,
  ) {}

  static async of(sandbox: Sandbox, clock: { now(): number }, odsCode: string): Promise<Caller> {
    const { root, asid } = await lookUp(sandbox, odsCode);
    return new Caller(sandbox, clock, root, asid);
  }

  call(call: Call): Promise<Reply> {
    const root = call.root ?? this.root;
    const body = typeof call.body === "object" ? JSON.stringify(call.body) : call.body;
    const contentType = body === undefined ? {} : { "content-type": "application/fhir+json;charset=utf-8" };
    const claims = auditClaims(call.scope, this.clock.now(), call.claims);
    return send(`${this.sandbox.sspUrl}/${root}${root.endsWith("/") ? "" : "/"}${call.path}`, {
      method: call.method ?? "GET",
      headers: {
        "ssp-traceid": randomUUID(),
        "ssp-from": CONSUMER_ASID,
        "ssp-to": call.asid ?? this.asid,
        "ssp-interactionid": `${INTERACTION}${call.interaction}`,
        authorization: call.authorization ?? `Bearer ${token(claims)}`,
        accept: "application/fhir+json",
        ...contentType,
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  metadata(changes: Partial<Call> = {}): Promise<Reply> {
    return this.call({
      interaction: "rest:read:metadata-1",
      scope: "organization/*.read",
      path: "metadata",
      ...changes,
    });
  }

  slots(start: string, end: string, filters = "", changes: Partial<Call> = {}): Promise<Reply> {
    const range = `start=ge${encodeURIComponent(start)}&end=le${encodeURIComponent(end)}`;
    return this.slotQuery(`status=free&${range}&${ALL_INCLUDES}${filters}`, changes);
  }

  slotQuery(query: string, changes: Partial<Call> = {}): Promise<Reply> {
    const search = { interaction: "rest:search:slot-1", scope: "organization/*.read" };
    return this.call({ ...search, path: `Slot?${query}`, ...changes });
  }

  find(nhsNumber: string, changes: Partial<Call> = {}): Promise<Reply> {
    const find = { interaction: "rest:search:patient-1", scope: "patient/*.read" };
    return this.call({ ...find, path: `Patient?identifier=${NHS_SYSTEM}%7C${nhsNumber}`, ...changes });
  }

  async patientId(nhsNumber: string): Promise<string> {
    const found = await this.find(nhsNumber);
    return found.json.entry[0].resource.id;
  }

  book(body: object | string, changes: Partial<Call> = {}): Promise<Reply> {
    const create = {
      interaction: "rest:create:appointment-1",
      scope: "patient/*.write",
      path: "Appointment",
    };
    return this.call({ ...create, method: "POST", body, ...changes });
  }

  appointments(patientId: string, from: string, to: string, changes: Partial<Call> = {}): Promise<Reply> {
    const list = { interaction: "rest:search:patient_appointments-1", scope: "patient/*.read" };
    const path = `Patient/${patientId}/Appointment?start=ge${from}&start=le${to}`;
    return this.call({ ...list, path, ...changes });
  }

  put(
    kind: "update" | "cancel",
    body: Json,
    version: string | undefined,
    changes: Partial<Call> = {},
  ): Promise<Reply> {
    return this.call({
      interaction: `rest:${kind}:appointment-1`,
      scope: "patient/*.write",
      path: `Appointment/${body.id}`,
      method: "PUT",
      body,
      headers: version === undefined ? {} : { "if-match": `W/"${version}"` },
      ...changes,
    });
  }
}

/** The resources of one type in a Bundle. */
export function resourcesOf(bundle: Json, type: string): Json[] {
  return (bundle.entry ?? [])
    .map((one: Json) => one.resource)
    .filter((one: Json) => one.resourceType === type);
}

/** A right booking of the given slots of a slot answer. */
export function bookingOf(
  answer: Json,
  slots: Json[],
  patientId: string,
  changes: Record<string, unknown> = {},
): Json {
  const schedule = resourcesOf(answer, "Schedule").find(
    (one) => `Schedule/${one.id}` === slots[0].schedule.reference,
  );
  const actors: Json[] = schedule.actor;
  return {
    resourceType: "Appointment",
    meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Appointment-1"] },
    contained: [
      {
        resourceType: "Organization",
        id: "1",
        meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Organization-1"] },
        identifier: [{ system: ODS_SYSTEM, value: "T82000" }],
        name: "Consumer Practice",
        telecom: [{ system: "phone", value: "01632960000" }],
      },
    ],
    extension: [
      {
        url: "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-BookingOrganisation-1",
        valueReference: { reference: "#1" },
      },
    ],
    status: "booked",
    description: "Sore knee",
    start: slots[0].start,
    end: slots.at(-1).end,
    slot: slots.map((slot) => ({ reference: `Slot/${slot.id}` })),
    created: "2026-01-14T09:41:00+00:00",
    participant: [{ reference: `Patient/${patientId}` }, ...actors].map((actor) => ({
      actor,
      status: "accepted",
    })),
    ...changes,
  };
}

/** Slots that can be booked together, of one schedule. */
export function adjacentPair(answer: Json): [Json, Json] {
  const slots = resourcesOf(answer, "Slot");
  for (const slot of slots) {
    const next = slots.find(
      (one) =>
        one.start === slot.end &&
        one.schedule.reference === slot.schedule.reference &&
        JSON.stringify([one.serviceType, one.extension.at(-1)]) ===
          JSON.stringify([slot.serviceType, slot.extension.at(-1)]),
    );
    if (next) return [slot, next];
  }
  throw new Error("no adjacent pair");
}
