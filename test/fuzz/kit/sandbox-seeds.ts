import type { DirectoryEntry } from "../../../src/domain/directory-entry.js";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { startSandbox } from "../../../src/sandbox/index.js";
import { createPdsClient } from "../../../src/upstreams/pds/index.js";
import {
  createFhirDirectory,
  type DirectoryQuery,
  GP_CONNECT_DIRECTORY_INTERACTION,
} from "../../../src/upstreams/sds/index.js";
import { createGpConnectClient } from "../../../src/upstreams/ssp/index.js";
import { createVisitorsAndMigrantsClient } from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import type { StubResponse } from "./mutate.js";
import { RecordingHttp } from "./stub-http.js";

/** Asked about throughout. */
export const PATIENT = "9000000009" as NhsNumber;
export const PRACTICE = "T81001" as OdsCode;
export const SPINE_QUERY: DirectoryQuery = {
  odsCode: "YES" as OdsCode,
  partyKey: "YES-0000806",
  interaction: "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1",
};

/** The sandbox's responses by operation, and the ids in their requests. */
export interface SandboxSeeds {
  readonly responses: ReadonlyMap<string, readonly StubResponse[]>;
  readonly practice: DirectoryEntry;
  readonly spine: DirectoryEntry;
  readonly ids: {
    readonly patient: string;
    readonly appointment: string;
    readonly location: string;
    readonly practitioner: string;
  };
}

const TIMEOUT_MS = 10_000;
const REFUSING = ["T81002", "T81004", "T81005"] as OdsCode[];
const WITH_RECORD = [
  "9000000009",
  "9990000018",
  "9990000042",
  "9990000050",
  "9990000069",
  "9990000077",
  "9990000166",
  "9990000204",
];

/** Asks the sandbox everything once, over real sockets. Everything after it is done without. */
export async function takeSeeds(): Promise<SandboxSeeds> {
  const clock = new TestClock();
  const sandbox = await startSandbox({ clock });
  const http = new RecordingHttp();
  const context = testContext();
  const responses = new Map<string, StubResponse[]>();
  const keep = async <T>(name: string, operation: () => Promise<T>): Promise<T | undefined> => {
    const result = await operation().catch(() => undefined);
    const taken = http.take().map(toSeed);
    responses.set(name, [...(responses.get(name) ?? []), ...taken]);
    return result;
  };
  try {
    const pds = createPdsClient({ url: sandbox.pdsUrl, http, clock, timeoutMs: TIMEOUT_MS });
    for (const number of WITH_RECORD) {
      await keep("pds read", () => pds.readPatient(number as NhsNumber, context));
    }
    const directory = createFhirDirectory({ url: sandbox.sdsUrl, apiKey: "x", http, timeoutMs: TIMEOUT_MS });
    const lookUp = async (query: DirectoryQuery) => {
      const [response] = (await keep("sds", () => directory.lookUp([query], context))) ?? [];
      return response?.kind === "entry" ? response.entry : undefined;
    };
    const at = (odsCode: OdsCode) => lookUp({ odsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION });
    const practice = needed(await at(PRACTICE));
    const spine = needed(await lookUp(SPINE_QUERY));
    await at("T81009" as OdsCode);

    const vm = createVisitorsAndMigrantsClient({ http, clock, system: testConsumer, timeoutMs: TIMEOUT_MS });
    for (const number of WITH_RECORD) {
      await keep("vm", () => vm.fetchChargeableStatus(spine, number as NhsNumber, context));
    }
    const limits = { timeoutMs: TIMEOUT_MS, writeTimeoutMs: TIMEOUT_MS };
    const ssp = createGpConnectClient({ url: sandbox.sspUrl, http, clock, system: testConsumer, ...limits });
    await keep("capabilities", () => ssp.fetchCapabilities(practice, context));
    for (const odsCode of REFUSING) {
      const entry = await at(odsCode);
      if (entry) await keep("refusals", () => ssp.fetchCapabilities(entry, context));
    }
    const window = { start: "2026-11-24T00:00:00+00:00", end: "2026-11-24T11:00:00+00:00" };
    const found = needed(await keep("slots", () => ssp.searchFreeSlots(practice, window, context)));
    const [slot] = found.slots;
    const [patient] = (await keep("patients", () => ssp.findPatient(practice, PATIENT, context))) ?? [];
    await keep("patients", () => ssp.findPatient(practice, "9990000131" as NhsNumber, context));
    await keep("registration", () =>
      ssp.registerPatient(practice, { ...NEWCOMER, nhsNumber: "9990000131" as NhsNumber }, context),
    );
    const booking = {
      patientId: needed(patient).id,
      nhsNumber: PATIENT,
      slots: [needed(slot)],
      locationId: needed(slot).location.id,
      practitionerId: slot?.practitioner?.id,
      description: "A synthetic booking",
    };
    const booked = needed(await keep("appointment", () => ssp.createAppointment(practice, booking, context)));
    await keep("refusals", () => ssp.createAppointment(practice, booking, context));
    const received = needed(
      await keep("appointment", () => ssp.readAppointment(practice, booked.id, context, booking)),
    );
    await keep("appointments", () => ssp.fetchAppointments(practice, booking.patientId, RANGE, context));
    await keep("location", () => ssp.readLocation(practice, booking.locationId, context));
    const practitionerId = booking.practitionerId ?? "none";
    await keep("practitioner", () => ssp.readPractitioner(practice, practitionerId, context));
    await keep("organisation", () => ssp.findOrganisation(practice, context));
    await keep("cancelled", () => ssp.cancelAppointment(practice, received, "Synthetic", context));
    const ids = {
      patient: booking.patientId,
      appointment: booked.id,
      location: booking.locationId,
      practitioner: practitionerId,
    };
    return { responses, practice, spine, ids };
  } finally {
    await http.close();
    await sandbox.close();
  }
}

export const RANGE = { from: "2026-11-23", to: "2027-11-23" };

/** A patient whom the practice does not know yet. */
export const NEWCOMER = {
  nhsNumber: PATIENT,
  name: { family: "Testperson", given: ["Ida"], prefix: [] },
  birthDate: "1952-05-31",
  gender: "female",
  addresses: [],
  telecoms: [],
};

const READ_HEADERS = new Set(["etag", "location", "content-type"]);

/** The same on every run: the sandbox listens on free ports and says what time it is. */
function toSeed({ status, headers, body }: StubResponse): StubResponse {
  return {
    status,
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => READ_HEADERS.has(name))
        .map(([name, value]) => [name, withSteadyPorts(value)]),
    ),
    body: withSteadyPorts(body),
  };
}

function withSteadyPorts(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:8080");
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the sandbox did not response as the seeds need");
  return value;
}
