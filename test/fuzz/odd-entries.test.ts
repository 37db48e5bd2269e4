import fc from "fast-check";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import { UpstreamError } from "../../src/platform/errors.js";
import { createPdsClient } from "../../src/upstreams/pds/index.js";
import { createFhirDirectory, GP_CONNECT_DIRECTORY_INTERACTION } from "../../src/upstreams/sds/index.js";
import { createVisitorsAndMigrantsClient } from "../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../support/call-context.js";
import { device, endpoint } from "../upstreams/sds/directory-server.js";
import * as wire from "../upstreams/ssp/resources.js";
import { StubHttp } from "./kit/stub-http.js";
import { PRACTICE, sspClient } from "./regressions/ssp-client.js";

/**
 * Odd entries beside good ones: no good entry is lost without a warning, and no odd one is offered. A good entry is one that
 * a practice or a service may send; an odd one cannot be used, but says nothing false by being left out.
 */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_123);
jest.setTimeout(3_600_000);
const RUNS = { seed: SEED, numRuns: Number(process.env.FUZZ_DOCUMENTS ?? 500) };

const NUMBERS = ["9000000009", "9990000018", "9990000026", "9990000042"];
const PATIENT = "9000000009" as NhsNumber;
const WINDOW = { start: "2026-11-23T09:00:00+00:00", end: "2026-12-07T08:59:59+00:00" };

type Change = (resource: wire.Resource) => wire.Resource;
const without =
  (name: string): Change =>
  (resource) => ({ ...resource, [name]: undefined });
const having =
  (more: wire.Resource): Change =>
  (resource) => ({ ...resource, ...more });

/** What makes an entry impossible to use. */
const ODD_TIMES: readonly Change[] = [
  without("start"),
  without("end"),
  having({ start: "2027-02-30T09:00:00+00:00", end: "2027-03-02T09:10:00+00:00" }),
  having({ start: "2026-11-24T09:00:00" }),
  having({ end: "2026-11-24T08:00:00+00:00" }),
  having({ end: 7 }),
];
const ODD_SLOTS: readonly Change[] = [
  ...ODD_TIMES,
  without("id"),
  without("status"),
  having({ status: "Free" }),
  without("schedule"),
  having({ schedule: { reference: "Schedule/not-enclosed" } }),
  having({ schedule: { reference: "Schedule/nowhere" } }),
];
const ODD_APPOINTMENTS: readonly Change[] = [...ODD_TIMES, without("id"), without("status")];

/** What does no harm to an entry. */
const HARMLESS: readonly Change[] = [
  (resource) => resource,
  having({ unknown: { deep: [1, { er: null }] } }),
  having({ extension: [wire.STRANGER, { url: "empty" }] }),
  having({ serviceType: { coding: [{ code: "23" }] } }),
];

interface Entry {
  readonly isGood: boolean;
  readonly resource: wire.Resource;
}

/** Entries in any order, each with an id of its own. */
function entries(make: (id: string) => wire.Resource, odd: readonly Change[]): fc.Arbitrary<Entry[]> {
  const one = fc.oneof(
    fc.constantFrom(...HARMLESS).map((change) => ({ isGood: true, change })),
    fc.constantFrom(...odd).map((change) => ({ isGood: false, change })),
  );
  return fc
    .array(one, { maxLength: 12 })
    .map((list) =>
      list.map(({ isGood, change }, index) => ({ isGood, resource: change(make(`e${index}`)) })),
    );
}

const outcomes = fc.array(
  fc.record({
    severity: fc.constantFrom("warning", "information"),
    code: fc.constantFrom("informational", "incomplete", "forbidden", "x".repeat(300)),
    diagnostics: fc.constantFrom("Mrs Canary", "9990000026"),
  }),
  { maxLength: 2 },
);

function bundleOf(resources: readonly unknown[], issues: readonly object[], place: number): string {
  const outcome = { resourceType: "OperationOutcome", issue: issues };
  const all =
    issues.length === 0 ? [...resources] : resources.toSpliced(place % (resources.length + 1), 0, outcome);
  return JSON.stringify({
    resourceType: "Bundle",
    type: "searchset",
    entry: all.map((resource) => ({ resource })),
  });
}

const good = (list: readonly Entry[]) =>
  list.filter(({ isGood }) => isGood).map(({ resource }) => resource.id);
const resourcesOf = (list: readonly Entry[]) => list.map(({ resource }) => resource);
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("odd entries beside good ones", () => {
  const { client, respondWith } = sspClient();

  it("are left out of free slots and counted, and no good slot is lost", async () => {
    const make = (id: string) => wire.slot(id, "2026-11-24T09:00:00+00:00", "2026-11-24T09:10:00+00:00");
    const nowhere = wire.schedule({ id: "nowhere", actor: [{ reference: "Practitioner/p1" }] });
    await fc.assert(
      fc.asyncProperty(entries(make, ODD_SLOTS), outcomes, fc.nat(), async (list, issues, place) => {
        respondWith(bundleOf([...resourcesOf(list), wire.schedule(), nowhere, wire.location], issues, place));
        const result = await client.searchFreeSlots(PRACTICE, WINDOW, testContext());
        expect(result.slots.map(({ id }) => id).sort()).toEqual(good(list).sort());
        expect(result.unusableEntries ?? 0).toBe(list.length - good(list).length);
        expect((result.warnings ?? []).length > 0).toBe(issues.length > 0);
        expect(JSON.stringify(result.warnings ?? [])).not.toMatch(/Canary|999000/);
      }),
      RUNS,
    );
  });

  it("are left out of appointments with a warning, and no good appointment is lost", async () => {
    const make = (id: string) => wire.appointment({ id });
    await fc.assert(
      fc.asyncProperty(entries(make, ODD_APPOINTMENTS), outcomes, fc.nat(), async (list, issues, place) => {
        respondWith(bundleOf(resourcesOf(list), issues, place));
        const range = { from: "2026-11-23", to: "2027-11-22" };
        const call = client.fetchAppointments(PRACTICE, "pat-7", range, testContext());
        const odd = list.length - good(list).length;
        if (odd > 0 && odd === list.length) {
          expect(await failureOf(call)).toBeInstanceOf(UpstreamError);
          return;
        }
        const result = await call;
        expect(result.appointments.map(({ id }) => id)).toEqual(good(list));
        expect(result.warnings.some((warning) => warning.includes("left out"))).toBe(odd > 0);
        if (odd > 0) expect(result.isComplete).toBe(false);
        expect(JSON.stringify(result.warnings)).not.toMatch(/Canary|999000/);
      }),
      RUNS,
    );
  });

  it("never give another patient's appointment, whatever stands beside it", async () => {
    const make = (id: string) => wire.appointment({ id });
    const foreign = fc.constantFrom<wire.Resource>(
      { participant: [{ actor: { reference: "Patient/pat-8" } }] },
      { participant: [] },
      { participant: undefined },
      { participant: ["pat-7", "pat-8"].map((id) => ({ actor: { reference: `Patient/${id}` } })) },
    );
    await fc.assert(
      fc.asyncProperty(entries(make, ODD_APPOINTMENTS), foreign, fc.nat(), async (list, more, place) => {
        const resources = resourcesOf(list).toSpliced(place % (list.length + 1), 0, wire.appointment(more));
        respondWith(bundleOf(resources, [], 0));
        const range = { from: "2026-11-23", to: "2027-11-22" };
        const call = client.fetchAppointments(PRACTICE, "pat-7", range, testContext());
        expect(await failureOf(call)).toMatchObject({ reason: "WRONG_PATIENT" });
      }),
      RUNS,
    );
  });

  it("fail a PDS search, because another match could then look like the only one", async () => {
    const http = new StubHttp();
    const pds = createPdsClient({
      http,
      url: "http://pds.example",
      clock: new TestClock(),
      timeoutMs: 1_000,
    });
    const criteria = {
      family: { text: "Oak", isPrefix: false },
      given: [],
      birthDate: { on: "1952-05-31" },
      isFuzzy: false,
      isExact: false,
      includesHistory: false,
    };
    const match = (number: string): wire.Resource => ({
      resourceType: "Patient",
      id: number,
      identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: number }],
    });
    const odd = fc.constantFrom<Change>(
      without("id"),
      without("identifier"),
      having({ id: "9990000131" }),
      having({ name: {} }),
      having({ resourceType: "Person" }),
    );
    const people = fc.subarray(NUMBERS);
    const isOdd = fc.option(odd, { nil: undefined });
    await fc.assert(
      fc.asyncProperty(people, isOdd, outcomes, fc.nat(), async (numbers, change, issues, place) => {
        const resources = numbers.map(match);
        if (change) resources.splice(place % (numbers.length + 1), 0, change(match("9990000050")));
        http.respondWith({ status: 200, headers: {}, body: bundleOf(resources, issues, place) });
        const call = pds.searchPatients(criteria, testContext());
        if (change) {
          expect(await failureOf(call)).toMatchObject({ code: "UPSTREAM_BAD_RESPONSE" });
          return;
        }
        const result = await call;
        expect(result).toMatchObject({
          kind: "matches",
          matches: numbers.map((nhsNumber) => ({ nhsNumber })),
        });
      }),
      RUNS,
    );
  });

  it("never make the directory give another address or system", async () => {
    const entry = { address: "https://gp.example/T81001", asid: "918000000001" };
    const odd = fc.constantFrom<wire.Resource>(
      endpoint(undefined),
      endpoint(" "),
      endpoint("https://other.example", "B-2"),
      { resourceType: "Endpoint" },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(odd, { maxLength: 4 }), outcomes, fc.nat(), async (others, issues, place) => {
        const http = new StubHttp();
        const endpoints = others.toSpliced(place % (others.length + 1), 0, endpoint(entry.address));
        const body = {
          Endpoint: bundleOf(endpoints, issues, place),
          Device: bundleOf([device(entry.asid)], issues, 0),
        };
        http.request = async ({ url }) => ({
          status: 200,
          headers: {},
          body: url.includes("/Endpoint?") ? body.Endpoint : body.Device,
        });
        const directory = createFhirDirectory({ http, url: "http://sds.example", timeoutMs: 1_000 });
        const query = { odsCode: PRACTICE.odsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
        expect(await directory.lookUp([query], testContext())).toMatchObject([
          { kind: "entry", entry: { serviceRootUrl: entry.address, asid: entry.asid } },
        ]);
      }),
      RUNS,
    );
  });

  it("never change the status that V&M gives", async () => {
    const http = new StubHttp();
    const vm = createVisitorsAndMigrantsClient({
      http,
      clock: new TestClock(),
      system: testConsumer,
      timeoutMs: 1_000,
    });
    const own = { system: "https://fhir.nhs.uk/spine-chargeable-status-1", code: "N" };
    const foreign: fc.Arbitrary<{ system: string; code: string }> = fc.record({
      system: fc.constantFrom("http://snomed.info/sct", "x"),
      code: fc.constantFrom("Y", "U"),
    });
    const codings = fc
      .tuple(fc.array(foreign, { maxLength: 3 }), fc.nat())
      .map(([list, place]) => list.toSpliced(place % (list.length + 1), 0, own));
    await fc.assert(
      fc.asyncProperty(codings, outcomes, fc.nat(), async (coding, issues, place) => {
        const observation = {
          resourceType: "Observation",
          subject: { reference: `Patient/${PATIENT}` },
          component: [
            { code: { coding: [{ code: "BASIC_CHARGEABLE_STATUS" }] }, valueCodeableConcept: { coding } },
          ],
        };
        http.respondWith({ status: 200, headers: {}, body: bundleOf([observation], issues, place) });
        const result = await vm.fetchChargeableStatus(PRACTICE, PATIENT, testContext());
        expect(result).toMatchObject({ recorded: true, status: { code: "N" } });
      }),
      RUNS,
    );
  });
});
