import { randomUUID } from "node:crypto";
import type { Dispatcher } from "undici";
import type { Sandbox } from "../../../src/sandbox/index.js";
import {
  ALL_INCLUDES,
  auditClaims,
  CONSUMER_ASID,
  type HttpMethod,
  INTERACTION,
  type Json,
  NHS_SYSTEM,
  ODS_SYSTEM,
  send,
  token,
  type WireResponse,
} from "./wire.js";

/** Looks up address and ASID of one interaction of an organisation in SDS. */
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
  /** Names of headers that are not sent. */
  readonly withoutHeaders?: readonly string[];
  readonly claims?: Record<string, unknown>;
  readonly root?: string;
  readonly asid?: string;
  readonly authorization?: string;
  readonly signal?: AbortSignal;
  /** The connections to use, for TLS. */
  readonly dispatcher?: Dispatcher;
}

/** A caller of one practice through the proxy. Requests are valid unless a call changes them. */
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

  call(call: Call): Promise<WireResponse> {
    const root = call.root ?? this.root;
    const body = typeof call.body === "object" ? JSON.stringify(call.body) : call.body;
    const contentType = body === undefined ? {} : { "content-type": "application/fhir+json;charset=utf-8" };
    const claims = auditClaims(call.scope, this.clock.now(), call.claims);
    const headers: Record<string, string> = {
      "ssp-traceid": randomUUID(),
      "ssp-from": CONSUMER_ASID,
      "ssp-to": call.asid ?? this.asid,
      "ssp-interactionid": `${INTERACTION}${call.interaction}`,
      authorization: call.authorization ?? `Bearer ${token(claims)}`,
      accept: "application/fhir+json",
      ...contentType,
      ...call.headers,
    };
    for (const name of call.withoutHeaders ?? []) delete headers[name];
    return send(`${this.sandbox.sspUrl}/${root}${root.endsWith("/") ? "" : "/"}${call.path}`, {
      method: call.method ?? "GET",
      headers,
      ...(body === undefined ? {} : { body }),
      ...(call.signal ? { signal: call.signal } : {}),
      dispatcher: call.dispatcher,
    });
  }

  metadata(changes: Partial<Call> = {}): Promise<WireResponse> {
    return this.call({
      interaction: "rest:read:metadata-1",
      scope: "organization/*.read",
      path: "metadata",
      ...changes,
    });
  }

  slots(start: string, end: string, filters = "", changes: Partial<Call> = {}): Promise<WireResponse> {
    const range = `start=ge${encodeURIComponent(start)}&end=le${encodeURIComponent(end)}`;
    return this.slotQuery(`status=free&${range}&${ALL_INCLUDES}${filters}`, changes);
  }

  slotQuery(query: string, changes: Partial<Call> = {}): Promise<WireResponse> {
    const search = { interaction: "rest:search:slot-1", scope: "organization/*.read" };
    return this.call({ ...search, path: `Slot?${query}`, ...changes });
  }

  find(nhsNumber: string, changes: Partial<Call> = {}): Promise<WireResponse> {
    const find = { interaction: "rest:search:patient-1", scope: "patient/*.read" };
    return this.call({ ...find, path: `Patient?identifier=${NHS_SYSTEM}%7C${nhsNumber}`, ...changes });
  }

  async patientId(nhsNumber: string): Promise<string> {
    const found = await this.find(nhsNumber);
    return found.json.entry[0].resource.id;
  }

  book(body: object | string, changes: Partial<Call> = {}): Promise<WireResponse> {
    const create = {
      interaction: "rest:create:appointment-1",
      scope: "patient/*.write",
      path: "Appointment",
    };
    return this.call({ ...create, method: "POST", body, ...changes });
  }

  appointments(
    patientId: string,
    from: string,
    to: string,
    changes: Partial<Call> = {},
  ): Promise<WireResponse> {
    const list = { interaction: "rest:search:patient_appointments-1", scope: "patient/*.read" };
    const path = `Patient/${patientId}/Appointment?start=ge${from}&start=le${to}`;
    return this.call({ ...list, path, ...changes });
  }

  put(
    kind: "update" | "cancel",
    body: Json,
    version: string | undefined,
    changes: Partial<Call> = {},
  ): Promise<WireResponse> {
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
