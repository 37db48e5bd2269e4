import { setImmediate } from "node:timers/promises";
import { ControlService, type ControlSubject } from "../../src/sandbox/control/control-service.js";
import { OPENAPI } from "../../src/sandbox/control/openapi.js";
import {
  type JournalEntry,
  type Sandbox,
  SandboxClock,
  SandboxControl,
  startSandbox,
} from "../../src/sandbox/index.js";
import { bookingOf, resourcesOf } from "./support/bundles.js";
import { Caller } from "./support/caller.js";
import { A_WEDNESDAY, FakeClock, type Json, send } from "./support/wire.js";

const FROM = "2026-01-15";
const TO = "2026-01-27";
const PATIENT = "9000000009";

describe("the state of a sandbox", () => {
  let sandbox: Sandbox;
  let clock: SandboxClock;
  let control: SandboxControl;
  let caller: Caller;
  beforeEach(async () => {
    clock = new SandboxClock(new FakeClock(A_WEDNESDAY));
    sandbox = await startSandbox({ clock });
    control = new SandboxControl(sandbox.urls.gateway);
    caller = await Caller.of(sandbox, clock, "T81001");
  });
  afterEach(() => sandbox.close());

  async function book(): Promise<Json> {
    const { json } = await caller.slots(FROM, TO);
    const [slot] = resourcesOf(json, "Slot");
    return (await caller.book(bookingOf(json, [slot], await caller.patientId(PATIENT)))).json;
  }

  /** What a consumer sees: free slots, and the appointments of the patient with their versions. */
  async function seen(): Promise<unknown> {
    const patientId = await caller.patientId(PATIENT);
    return [
      (await caller.slots(FROM, TO)).json,
      (await caller.appointments(patientId, "2026-01-14", "2026-02-14")).json,
      (await caller.find(PATIENT)).json,
    ].map((one) => JSON.parse(JSON.stringify(one).replaceAll(/"lastUpdated":"[^"]*"/g, "")));
  }

  it("is the same after export, reset and import: slots, appointments, versions, faults and time", async () => {
    const kept = await book();
    const amended = await caller.put("update", { ...kept, description: "Another reason" }, "1");
    expect(amended.status).toBe(200);
    const cancelled = await book();
    await caller.put("cancel", cancellationOf(cancelled), "1");
    await control.setClock("2026-01-14T10:00:00Z");
    await control.freezeClock();
    const before = await seen();
    await control.addFault({ service: "VM", kind: { status: 503 }, times: 3 });
    const state = await control.exportState();

    await control.reset();
    clock.set(Date.parse("2026-01-14T10:00:00Z"));
    expect(await seen()).not.toEqual(before);

    await control.importState(JSON.parse(JSON.stringify(state)));
    expect(await seen()).toEqual(before);
    expect(await control.exportState()).toEqual(state);
    expect(await control.faults()).toMatchObject([{ service: "VM", remaining: 3 }]);
    expect(await control.clock()).toMatchObject({ now: "2026-01-14T10:00:00.000Z", isFrozen: true });
    // The imported version is the one that the practice compares, and ids go on after it.
    expect((await caller.put("update", amended.json, "1")).status).toBe(409);
    expect((await caller.put("update", amended.json, "2")).status).toBe(200);
    expect(Number((await book()).id)).toBeGreaterThan(Number(cancelled.id));
  });

  it("goes to another sandbox of the same seed", async () => {
    const { id } = await book();
    const other = await startSandbox({ clock: new SandboxClock(new FakeClock(0)) });
    await new SandboxControl(other.urls.gateway).importState(await control.exportState());
    expect(other.practices.get("T81001")?.appointments.get(id)?.patientId).toBe(
      await caller.patientId(PATIENT),
    );
    await other.close();
  });

  it.each<[string, number, (state: Json) => Json]>([
    ["another format", 400, (state) => ({ ...state, format: "1" })],
    ["another seed", 409, (state) => ({ ...state, seed: "other" })],
    ["an unknown member", 400, (state) => ({ ...state, tokens: [] })],
    ["an unknown fault", 400, (state) => ({ ...state, faults: [{ service: "GP", kind: "reset" }] })],
    ["a clock without time", 400, (state) => ({ ...state, clock: {} })],
    ["an unknown practice", 400, (state) => withPractice(state, { odsCode: "T00000" })],
    ["another profile", 400, (state) => withPractice(state, { profile: "demonstrator-like" })],
    ["an unknown slot", 400, (state) => withPractice(state, { slots: { 999999999: "busy" } })],
    ["no patient of the appointment", 400, (state) => withPractice(state, { patients: [] })],
    [
      "a person whom PDS does not know",
      400,
      (state) =>
        withPractice(state, { patients: [{ ...state.practices[0].patients[0], nhsNumber: "9990000000" }] }),
    ],
  ])("is not imported with %s, and nothing changes", async (_case, status, change) => {
    await book();
    const state = await control.exportState();
    await expect(control.importState(change(state))).rejects.toMatchObject({ status });
    expect(await control.exportState()).toEqual(state);
  });

  it("has other slots after a change of the seed, and the same ones after changing it back", async () => {
    const { seed } = await control.describe();
    const before = (await caller.slots(FROM, TO)).json;
    await book();
    expect((await control.setSeed("another")).seed).toBe("another");
    const other = resourcesOf((await caller.slots(FROM, TO)).json, "Slot");
    expect(other).not.toEqual(resourcesOf(before, "Slot"));
    await control.setSeed(seed);
    expect(resourcesOf((await caller.slots(FROM, TO)).json, "Slot")).toEqual(resourcesOf(before, "Slot"));
  });

  it("comes back when the recorded requests are replayed", async () => {
    const start = await control.exportState();
    const { id } = await book();
    await caller.slots(FROM, "2026-03-01");
    const recorded = await control.journal();
    await control.importState(start);
    expect(sandbox.practices.get("T81001")?.appointments.size).toBe(0);
    // An hour later the recorded audit tokens have expired; the replay sets the clock back.
    await control.advanceClock(3_600_000);
    const results = await control.replay(recorded);
    const resultOf = (service: string) =>
      results
        .filter((one) => one.service === service && one.recordedStatus === 422)
        .map(({ result }) => result);
    expect([resultOf("PRACTICE"), resultOf("SSP")]).toEqual([["same"], ["skipped"]]);
    expect(results.filter(({ result }) => result === "different")).toEqual([]);
    expect(sandbox.practices.get("T81001")?.appointments.has(id)).toBe(true);
    expect(await control.clock()).toMatchObject({ isFrozen: true });
  });

  it("says that a replayed request got another status", async () => {
    await book();
    const recorded = await control.journal();
    const practice = (await control.replay(recorded)).find(
      ({ service, recordedStatus }) => service === "PRACTICE" && recordedStatus === 201,
    );
    // The slot is booked already: the state was not set back.
    expect(practice).toMatchObject({ result: "different", status: 409 });
  });

  it("does not claim to have replayed what a fault kept from being processed", async () => {
    const recorded = async (kind: JournalEntry["fault"]) => {
      await control.reset();
      if (kind) sandbox.faults.add({ service: "PDS", kind });
      await send(`${sandbox.urls.gateway}/pds/Patient/${PATIENT}`, {
        headers: { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" },
      });
      return control.journal();
    };
    expect(await control.replay(await recorded({ status: 503 }))).toMatchObject([{ result: "skipped" }]);
    expect(await control.replay(await recorded({ afterCommit: { status: 503 } }))).toMatchObject([
      { result: "not-compared", status: 200 },
    ]);
    expect(await control.replay(await recorded(undefined))).toMatchObject([{ result: "same", status: 200 }]);
  });

  it("keeps the clock of the program that started the sandbox out of a replay", async () => {
    const other = await startSandbox({ clock: new FakeClock(A_WEDNESDAY) });
    await expect(new SandboxControl(other.urls.gateway).replay([])).rejects.toMatchObject({ status: 501 });
    await other.close();
  });

  it("drops the oldest request bodies when the kept ones become too many", async () => {
    const body = "x".repeat(60_000);
    const post = () => send(`${sandbox.urls.gateway}/token`, { method: "POST", body });
    for (let count = 0; count < 270; count += 1) await post();
    await setImmediate();
    const bodies = sandbox.requests.filter((one) => one.path.includes("token") && one.method === "POST");
    const kept = bodies.filter((one) => one.body !== undefined);
    expect(bodies).toHaveLength(270);
    expect(kept).toHaveLength(266);
    expect(bodies[0]?.body).toBeUndefined();
    expect(bodies.at(-1)?.body).toBe(body);
  });
});

describe("the OpenAPI file of the control API", () => {
  const { routes } = new ControlService({} as ControlSubject);
  const declared = Object.entries(OPENAPI.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
  const matches = (route: { method: string; path: RegExp }, one: { method: string; path: string }) =>
    route.method === one.method && route.path.test(example(one.path));

  it("declares every operation of the API", () => {
    for (const route of routes)
      expect([route, declared.some((one) => matches(route, one))]).toEqual([route, true]);
  });

  it("declares nothing that the API does not have", () => {
    for (const one of declared)
      expect([one, routes.some((route) => matches(route, one))]).toEqual([one, true]);
  });

  it("declares every path parameter, and a response of each operation", () => {
    for (const [path, methods] of Object.entries<Record<string, Json>>(OPENAPI.paths)) {
      for (const operation of Object.values(methods)) {
        const parameters = (operation.parameters ?? []).filter((one: Json) => one.in === "path");
        const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect([path, parameters.map((one: Json) => [one.name, one.required])]).toEqual([
          path,
          names.map((name) => [name, true]),
        ]);
        expect([path, operation.responses["200"].description]).toEqual([path, expect.stringMatching(/./)]);
      }
    }
  });
});

function example(path: string): string {
  return path.replace("/__sandbox", "").replace("{id}", "1").replace("{name}", "slow-pds");
}

function withPractice(state: Json, changes: object): Json {
  const [first, ...rest] = state.practices;
  return { ...state, practices: [{ ...first, ...changes }, ...rest] };
}

function cancellationOf(appointment: Json): Json {
  const url =
    "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-AppointmentCancellationReason-1";
  return {
    ...appointment,
    status: "cancelled",
    extension: [...appointment.extension, { url, valueString: "Too far" }],
  };
}
