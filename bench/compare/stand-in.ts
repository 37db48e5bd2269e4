import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { addLondonDays, nearestLondonMidnights } from "../../src/domain/london-time.js";
import type { UpstreamUrls } from "../../src/server/dependencies.js";
import { readBody } from "../kit/read-body.js";
import {
  bookedAppointment,
  CAPABILITIES,
  foundOrganisation,
  patientAtPractice,
  slotBundleAt,
} from "../upstreams/practice-responses.js";
import { chargeableStatus, directoryBundle, pdsPatient } from "../upstreams/spine-responses.js";

const TEN_MINUTES_MS = 600_000;
const OPENING_MS = 8 * 3_600_000;
/** Fewer than the fourteen of a search, so that all slots are within it whenever the run begins. */
const DAYS = 10;

/** The upstream services as the load sees them: each response is prepared once and then sent as it is. */
export interface StandIn {
  readonly urls: UpstreamUrls;
  /** Free slots of each practice from now on. */
  setSlots(count: number): void;
  /** Responses leave so much later. */
  setLatency(ms: number): void;
  /** Calls whose response is held back now. */
  waiting(): number;
  /** Calls since the previous look. */
  takeCalls(): number;
}

/** Starts it on a port of loopback. It checks no rule and stores nothing. */
export async function startStandIn(): Promise<StandIn> {
  const prepared = new Map<string, Buffer>();
  let slots = 56;
  let latencyMs = 0;
  let calls = 0;
  let waiting = 0;
  const server = createServer((incoming, outgoing) => {
    calls += 1;
    readBody(incoming, (body) => {
      if (latencyMs === 0) {
        respond(incoming, outgoing, body);
        return;
      }
      waiting += 1;
      setTimeout(() => {
        waiting -= 1;
        respond(incoming, outgoing, body);
      }, latencyMs);
    });
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function respond(incoming: IncomingMessage, outgoing: ServerResponse, body: string): void {
    const key = keyOf(incoming, slots);
    let bytes = incoming.method === "GET" ? prepared.get(key) : undefined;
    if (bytes === undefined) {
      bytes = Buffer.from(responseTo(incoming, body, slots, origin));
      if (incoming.method === "GET") prepared.set(key, bytes);
    }
    const status = incoming.method === "POST" ? 201 : 200;
    const headers = { "content-type": "application/fhir+json", "content-length": bytes.length };
    outgoing.writeHead(status, headers).end(bytes);
  }

  return {
    urls: { pds: `${origin}/pds`, sds: `${origin}/sds`, ssp: `${origin}/ssp` },
    setSlots: (count) => {
      slots = count;
    },
    setLatency: (ms) => {
      latencyMs = ms;
    },
    waiting: () => waiting,
    takeCalls: () => {
      const made = calls;
      calls = 0;
      return made;
    },
  };
}

/** The times of a slot search change each second, and its response must not. */
function keyOf({ url = "", headers }: IncomingMessage, slots: number): string {
  const isSearch = url.startsWith("/ssp/") && url.includes("/Slot?");
  return isSearch ? `${slots} ${practiceIn(url)}` : `${headers["ssp-interactionid"] ?? ""} ${url}`;
}

function responseTo(
  { url = "", headers }: IncomingMessage,
  body: string,
  slots: number,
  origin: string,
): string {
  const decoded = decodeURIComponent(url);
  const number = /(\d{10})(?:&|$)/.exec(decoded)?.[1] ?? "";
  if (url.startsWith("/pds/")) return JSON.stringify(pdsPatient(number));
  if (url.startsWith("/vm/")) return JSON.stringify(chargeableStatus(number));
  if (url.startsWith("/sds/")) {
    const resource = url.startsWith("/sds/Device") ? "Device" : "Endpoint";
    // The Endpoint of a national service is requested by its party key alone.
    const odsCode =
      /ods-organization-code\|([A-Z0-9]+)/.exec(decoded)?.[1] ?? (decoded.includes("YES") ? "YES" : "");
    return JSON.stringify(directoryBundle(resource, odsCode, origin));
  }
  switch (String(headers["ssp-interactionid"]).split(":").at(-1)) {
    case "metadata-1":
      return CAPABILITIES;
    case "slot-1":
      return slotBundleAt(practiceIn(url), slotStarts(slots));
    case "organization-1":
      return foundOrganisation(practiceIn(url));
    case "patient-1":
      return JSON.stringify(patientAtPractice(number));
    default:
      return JSON.stringify(bookedAppointment(body));
  }
}

function practiceIn(url: string): string {
  return /(?::|%3A)9(?:\/|%2F)([A-Z0-9]+)(?:\/|%2F)/.exec(url)?.[1] ?? "";
}

/** Spread over the days from tomorrow on. */
function slotStarts(count: number): number[] {
  const tomorrow = nearestLondonMidnights(Date.now()).after;
  const perDay = Math.ceil(count / DAYS);
  return Array.from({ length: count }, (_, index) => {
    const day = addLondonDays(tomorrow, Math.floor(index / perDay));
    return day + OPENING_MS + (index % perDay) * TEN_MINUTES_MS;
  });
}
