import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readBody } from "../kit/read-body.js";
import { Gauge } from "./gauge.js";
import { bookedAppointment, CAPABILITIES, patientAtPractice, slotBundle } from "./practice-responses.js";
import { chargeableStatus, directoryBundle, pdsPatient } from "./spine-responses.js";
import { AT_ONCE, type Latencies, type Service, type Upstreams } from "./upstreams.js";
import { afterwards } from "./wait.js";

/** The stub, with the port that a {@link SlowConnection} needs. */
export interface Stub extends Upstreams {
  readonly gauge: Gauge;
  latencies(): Latencies;
}

/**
 * PDS, SDS, the proxy with its practices, and V&M on one loopback port, with as little work as possible: it checks no
 * rule and stores nothing. Any number is a patient and any code is a practice. The sandbox checks rules; the stub
 * carries load.
 */
export async function startStub(): Promise<Stub> {
  const gauge = new Gauge();
  let latencies = AT_ONCE;
  const server = createServer((incoming, outgoing) => {
    const received = performance.now();
    const service = serviceOf(incoming.url ?? "");
    if (service === undefined) return void outgoing.writeHead(404).end();
    gauge.count(service);
    const wait = latencies[service];
    readBody(incoming, (body) =>
      afterwards(received, wait, () => {
        send(incoming, outgoing, body, origin());
        gauge.noteLateness(performance.now() - received - wait);
      }),
    );
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    urls: { pds: `${origin()}/pds`, sds: `${origin()}/sds`, ssp: `${origin()}/ssp` },
    gauge,
    latencies: () => latencies,
    async setLatencies(wished) {
      latencies = wished;
    },
    takeCounts: async () => gauge.takeCounts(),
    takeCondition: async () => gauge.takeCondition(),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serviceOf(url: string): Service | undefined {
  const name = url.slice(1, url.indexOf("/", 1)).toUpperCase();
  return name === "PDS" || name === "SDS" || name === "SSP" || name === "VM" ? name : undefined;
}

function send(incoming: IncomingMessage, outgoing: ServerResponse, body: string, origin: string): void {
  const text = textTo(incoming, body, origin);
  if (text === undefined) return void outgoing.writeHead(404).end();
  const status = incoming.method === "POST" ? 201 : 200;
  // With a content length, a response leaves in one chunk.
  const headers = { "content-type": "application/fhir+json", "content-length": Buffer.byteLength(text) };
  outgoing.writeHead(status, headers).end(text);
}

/** Cached responses by request. Building each one again would delay the rest of a burst. */
const texts = new Map<string, string>();

function textTo(incoming: IncomingMessage, body: string, origin: string): string | undefined {
  const { method, url = "", headers } = incoming;
  const request = `${headers["ssp-interactionid"]} ${origin} ${url}`;
  const known = method === "GET" ? texts.get(request) : undefined;
  if (known !== undefined) return known;
  const response = responseTo(incoming, decodeURIComponent(url), body, origin);
  const text = typeof response === "object" ? JSON.stringify(response) : response;
  if (method === "GET" && text !== undefined) texts.set(request, text);
  return text;
}

function responseTo(
  incoming: IncomingMessage,
  url: string,
  body: string,
  origin: string,
): string | object | undefined {
  const number = /(\d{10})(?:&|$)/.exec(url)?.[1] ?? "";
  if (url.startsWith("/pds/")) return pdsPatient(number);
  if (url.startsWith("/vm/")) return chargeableStatus(number);
  if (url.startsWith("/sds/")) {
    const resource = url.startsWith("/sds/Device") ? "Device" : "Endpoint";
    return directoryBundle(resource, organisationIn(url), origin);
  }
  const interaction = String(incoming.headers["ssp-interactionid"]).split(":").at(-1);
  switch (interaction) {
    case "metadata-1":
      return CAPABILITIES;
    case "slot-1": {
      const [start = "", end = ""] = ["start=ge", "end=le"].map((name) => parameter(url, name));
      return slotBundle(/:9\/([A-Z0-9]+)\//.exec(url)?.[1] ?? "", start, end);
    }
    case "patient-1":
      return patientAtPractice(number);
    case "appointment-1":
      return bookedAppointment(body);
    default:
      return undefined;
  }
}

/** The Endpoint of a national service is requested by its party key, which starts with the ODS code. */
function organisationIn(url: string): string {
  return /ods-organization-code\|([A-Z0-9]+)/.exec(url)?.[1] ?? /PartyKey\|([A-Z0-9]+)-/.exec(url)?.[1] ?? "";
}

function parameter(url: string, name: string): string {
  const start = url.indexOf(name) + name.length;
  return url.slice(start, url.indexOf("&", start));
}
