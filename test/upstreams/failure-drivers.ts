import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import type { HttpClient } from "../../src/platform/http/http-client.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import { createPdsClient } from "../../src/upstreams/pds/index.js";
import { createFhirDirectory, GP_CONNECT_DIRECTORY_INTERACTION } from "../../src/upstreams/sds/index.js";
import { createGpConnectClient } from "../../src/upstreams/ssp/index.js";
import { createVisitorsAndMigrantsClient } from "../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer } from "../support/call-context.js";
import { fixture as pdsFixture } from "./pds/pds-service.js";
import { bundle as directoryBundle } from "./sds/directory-server.js";
import * as practiceWire from "./ssp/resources.js";
import { NHS_NUMBER, PRACTICE } from "./ssp/support.js";
import { ASKED, fixture as vmFixture } from "./visitors-and-migrants/vm-service.js";

export const UPSTREAMS = ["PDS", "SDS", "SSP read", "SSP write", "VM"] as const;
export type Upstream = (typeof UPSTREAMS)[number];

export interface DriverSetting {
  readonly url: string;
  readonly http: HttpClient;
  readonly timeoutMs: number;
}

/** Makes one call; what it ends in is thrown. A practice is named only where the proxy is asked. */
export type Driver = (setting: DriverSetting, context: CallContext, odsCode: string) => Promise<unknown>;

const clock = new TestClock();
const slot = { id: "1", start: "2026-11-24T09:00:00+00:00", end: "2026-11-24T09:20:00+00:00" };
const booking = { patientId: "pat-7", slots: [slot], locationId: "l1", description: "Ears" };

const gpConnect = ({ timeoutMs, ...setting }: DriverSetting) =>
  createGpConnectClient({
    ...setting,
    clock,
    system: testConsumer,
    timeoutMs,
    writeTimeoutMs: timeoutMs,
  });

export const DRIVERS: Record<Upstream, Driver> = {
  PDS: (setting, context) =>
    createPdsClient({ ...setting, clock }).readPatient("9990000018" as NhsNumber, context),
  SDS: async (setting, context) => {
    const query = { odsCode: "T81001" as OdsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
    const [answer] = await createFhirDirectory(setting).lookUp([query], context);
    if (answer?.kind === "fault") throw answer.error;
    return answer;
  },
  "SSP read": (setting, context, odsCode) =>
    gpConnect(setting).findPatient({ ...PRACTICE, odsCode: odsCode as OdsCode }, NHS_NUMBER, context),
  "SSP write": (setting, context, odsCode) =>
    gpConnect(setting).createAppointment({ ...PRACTICE, odsCode: odsCode as OdsCode }, booking, context),
  VM: ({ url, ...setting }, context) =>
    createVisitorsAndMigrantsClient({ ...setting, clock, system: testConsumer }).fetchChargeableStatus(
      { odsCode: "YES" as OdsCode, asid: "928942012545", partyKey: "YES-0000806", serviceRootUrl: url },
      ASKED,
      context,
    ),
};

const observation = vmFixture("observation").entry[0].resource;
const inVmBundle = (change: object) => ({
  resourceType: "Bundle",
  entry: [{ resource: { ...observation, ...change } }],
});
const otherNumber = [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9990000026" }];
const partial = { resourceType: "Bundle", type: "searchset", total: 1, entry: [{}] };
const otherParticipants = [
  { actor: { reference: "Location/l1" }, status: "accepted" },
  { actor: { reference: "Patient/pat-8" }, status: "accepted" },
];

/** Answers of status 200 that are at fault in one place, for each upstream. */
export const BODIES: Record<
  "empty bundle" | "partial bundle" | "object for array" | "wrong patient",
  Record<Upstream, unknown>
> = {
  "empty bundle": {
    PDS: directoryBundle(),
    SDS: directoryBundle(),
    "SSP read": practiceWire.bundle(),
    "SSP write": practiceWire.bundle(),
    VM: { resourceType: "Bundle" },
  },
  "partial bundle": {
    PDS: partial,
    SDS: { ...directoryBundle(), total: 1 },
    "SSP read": practiceWire.bundle(practiceWire.patient(NHS_NUMBER, { id: undefined })),
    "SSP write": partial,
    VM: partial,
  },
  "object for array": {
    PDS: { ...pdsFixture("patient"), name: { family: "Blom" } },
    SDS: { resourceType: "Bundle", entry: {} },
    // Practices are read leniently: a single object where a list belongs is a list of one.
    "SSP read": { resourceType: "Bundle", entry: { resource: practiceWire.patient(NHS_NUMBER) } },
    "SSP write": practiceWire.appointment({ participant: { actor: { reference: "Patient/pat-7" } } }),
    VM: inVmBundle({ component: {} }),
  },
  "wrong patient": {
    PDS: { ...pdsFixture("patient"), identifier: otherNumber },
    SDS: {},
    "SSP read": practiceWire.bundle(practiceWire.patient("9990000026")),
    "SSP write": practiceWire.appointment({ participant: otherParticipants }),
    VM: inVmBundle({ subject: { reference: "Patient/9990000026" } }),
  },
};
