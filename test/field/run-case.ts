import type { DirectoryEntry } from "../../src/domain/directory-entry.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { type TraceDetails, toTraceCriteria } from "../../src/domain/trace-details.js";
import { HttpClient } from "../../src/platform/http/http-client.js";
import { createPdsClient } from "../../src/upstreams/pds/index.js";
import { createFhirDirectory, GP_CONNECT_DIRECTORY_INTERACTION } from "../../src/upstreams/sds/index.js";
import { createGpConnectClient } from "../../src/upstreams/ssp/index.js";
import { createVisitorsAndMigrantsClient } from "../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../support/call-context.js";
import { type ReceivedRequest, startLocalServer } from "../support/local-server.js";

/** One response of the service: JSON, text, or bytes in base64. */
export interface FieldResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  readonly base64?: string;
  /** Sent for requests whose path holds this text. Otherwise responses are sent in order, the last one again and again. */
  readonly path?: string;
}

/** A case from the field: what a system sent, and the right result. One file each in `cases/`. */
export interface FieldCase {
  readonly title: string;
  /** Public report, `owner/name#number`, where there is one. */
  readonly source?: string;
  readonly call: keyof typeof CALLS;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly responses: readonly FieldResponse[];
  /** The result, as far as it matters here. */
  readonly result?: unknown;
  /** The error instead of a result. */
  readonly error?: object;
  /** How many requests there must be, and what the last one must hold. */
  readonly requests?: number;
  readonly sentPath?: string;
  readonly sentBody?: string;
}

/** What came of a case. */
export interface FieldOutcome {
  readonly result?: unknown;
  readonly error?: unknown;
  readonly requests: readonly ReceivedRequest[];
}

const NHS_NUMBER = "9000000009" as NhsNumber;
const PRACTICE: DirectoryEntry = {
  odsCode: "T81001" as OdsCode,
  asid: "918999198738",
  partyKey: "T81001-0000001",
  serviceRootUrl: "https://provider.example/T81001/STU3/1/gpconnect",
};
const WINDOW = { start: "2026-11-23T09:00:00+00:00", end: "2026-12-07T08:59:59+00:00" };
const RANGE = { from: "2026-11-23", to: "2027-11-22" };
const PATIENT = { nhsNumber: NHS_NUMBER, patientId: "pat-7" };

interface Clients {
  readonly url: string;
  readonly http: HttpClient;
}

const common = ({ http }: Clients) => ({ http, clock: new TestClock(), timeoutMs: 10_000 });
const gpConnect = (clients: Clients) =>
  createGpConnectClient({
    ...common(clients),
    url: clients.url,
    system: testConsumer,
    writeTimeoutMs: 10_000,
    serviceFiltering: true,
  });

type Call = (clients: Clients, args: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** The calls of the real clients that a case can make. */
const CALLS = {
  "pds.read": (clients) =>
    createPdsClient({ ...common(clients), url: clients.url }).readPatient(NHS_NUMBER, testContext()),
  "pds.search": async (clients, args) =>
    createPdsClient({ ...common(clients), url: clients.url }).searchPatients(
      toTraceCriteria(args as TraceDetails),
      testContext(),
    ),
  "sds.lookUp": async (clients) => {
    const query = { odsCode: PRACTICE.odsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
    const [result] = await createFhirDirectory({ ...common(clients), url: clients.url }).lookUp(
      [query],
      testContext(),
    );
    if (result?.kind === "fault") throw result.error;
    return result;
  },
  "vm.status": (clients) => {
    const spine = { ...PRACTICE, odsCode: "YES" as OdsCode, serviceRootUrl: clients.url };
    const client = createVisitorsAndMigrantsClient({ ...common(clients), system: testConsumer });
    return client.fetchChargeableStatus(spine, NHS_NUMBER, testContext());
  },
  "ssp.capabilities": (clients) => gpConnect(clients).fetchCapabilities(PRACTICE, testContext()),
  "ssp.slots": (clients, args) =>
    gpConnect(clients).searchFreeSlots(PRACTICE, { ...WINDOW, ...args }, testContext()),
  "ssp.findPatient": (clients) => gpConnect(clients).findPatient(PRACTICE, NHS_NUMBER, testContext()),
  "ssp.appointments": (clients) =>
    gpConnect(clients).fetchAppointments(PRACTICE, "pat-7", RANGE, testContext()),
  "ssp.read": (clients) => gpConnect(clients).readAppointment(PRACTICE, "a-5", testContext(), PATIENT),
  "ssp.amend": async (clients, { description, comment }) => {
    const client = gpConnect(clients);
    const received = await client.readAppointment(PRACTICE, "a-5", testContext(), PATIENT);
    const changes = { description: description as string, comment: comment as string };
    return client.amendAppointment(PRACTICE, received, changes, testContext());
  },
  "ssp.cancel": async (clients, { reason }) => {
    const client = gpConnect(clients);
    const received = await client.readAppointment(PRACTICE, "a-5", testContext(), PATIENT);
    return client.cancelAppointment(PRACTICE, received, String(reason), testContext());
  },
  "ssp.book": (clients, args) => {
    const slot = { id: "1", start: "2026-11-24T09:00:00+00:00", end: "2026-11-24T09:10:00+00:00", ...args };
    const booking = { ...PATIENT, slots: [slot], locationId: "l1", description: "Synthetic" };
    return gpConnect(clients).createAppointment(PRACTICE, booking, testContext());
  },
} satisfies Record<string, Call>;

/** Runs a case with the real client over a real connection. */
export async function runCase(fieldCase: FieldCase): Promise<FieldOutcome> {
  const http = new HttpClient();
  const inOrder = fieldCase.responses.filter(({ path }) => path === undefined);
  let sent = 0;
  const server = await startLocalServer((request, response) => {
    const byPath = fieldCase.responses.find(({ path }) => path !== undefined && request.path.includes(path));
    const reply = byPath ?? inOrder[Math.min(sent++, inOrder.length - 1)] ?? {};
    response.writeHead(reply.status ?? 200, { "content-type": "application/fhir+json", ...reply.headers });
    response.end(bodyOf(reply));
  });
  try {
    const call: Call = CALLS[fieldCase.call];
    const result = await call({ url: server.url, http }, fieldCase.arguments ?? {});
    return { result, requests: server.requests };
  } catch (error) {
    return { error, requests: server.requests };
  } finally {
    await server.close();
    await http.close();
  }
}

function bodyOf({ json, text, base64 }: FieldResponse): string | Buffer {
  if (base64 !== undefined) return Buffer.from(base64, "base64");
  return text ?? (json === undefined ? "" : JSON.stringify(json));
}
