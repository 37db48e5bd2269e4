import { setImmediate } from "node:timers/promises";
import { OPENAPI } from "../../src/sandbox/control/openapi.js";
import { type Sandbox, SandboxClock, startSandbox } from "../../src/sandbox/index.js";
import { bookingOf, resourcesOf } from "./support/bundles.js";
import { Caller } from "./support/caller.js";
import {
  A_WEDNESDAY,
  FakeClock,
  type HttpMethod,
  type Json,
  send,
  type WireResponse,
} from "./support/wire.js";

const REQUEST_ID = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
const A_WEDNESDAY_TEXT = new Date(A_WEDNESDAY).toISOString();

describe("the control API", () => {
  let sandbox: Sandbox;
  let clock: SandboxClock;
  beforeEach(async () => {
    clock = new SandboxClock(new FakeClock(A_WEDNESDAY));
    sandbox = await startSandbox({ clock });
  });
  afterEach(() => sandbox.close());

  function control(method: HttpMethod, path: string, body?: object): Promise<WireResponse> {
    return send(`${sandbox.urls.gateway}/__sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  const patient = () => send(`${sandbox.urls.gateway}/pds/Patient/9000000009`, { headers: REQUEST_ID });

  async function bookedAppointment(): Promise<{ caller: Caller; patientId: string; appointment: Json }> {
    const caller = await Caller.of(sandbox, clock, "T81001");
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const patientId = await caller.patientId("9000000009");
    const [slot] = resourcesOf(json, "Slot");
    return { caller, patientId, appointment: (await caller.book(bookingOf(json, [slot], patientId))).json };
  }

  it("describes the sandbox and every operation", async () => {
    const { json } = await control("GET", "");
    expect(json).toMatchObject({
      profile: "strict-1.2.7",
      urls: sandbox.urls,
      clock: { now: A_WEDNESDAY_TEXT },
    });
    expect(json.operations).toContain("PUT /__sandbox/clock");
  });

  it("implements exactly the operations of its OpenAPI description", async () => {
    expect((await control("GET", "/openapi.json")).json).toEqual(OPENAPI);
    for (const [path, methods] of Object.entries(OPENAPI.paths)) {
      const called = path.replace("/__sandbox", "").replace("{id}", "1").replace("{name}", "slow-pds");
      // A verb that no operation has tells which ones the path has.
      const { status, json } = await control("DELETE", `${called}`);
      const declared = Object.keys(methods).map((method) => method.toUpperCase());
      if (declared.includes("DELETE")) expect([path, status]).not.toEqual([path, 405]);
      else expect([path, status, json.error]).toEqual([path, 405, `Allowed: ${declared.join(", ")}`]);
    }
  });

  it("sets, advances, freezes and resumes the clock across a clock change", async () => {
    const { json } = await control("PUT", "/clock", { now: "2026-03-29T00:59:59Z" });
    expect(json.london).toBe("2026-03-29T00:59:59+00:00");
    expect((await control("POST", "/clock/advance", { ms: 1000 })).json.london).toBe(
      "2026-03-29T02:00:00+01:00",
    );
    expect((await control("POST", "/clock/freeze")).json.isFrozen).toBe(true);
    expect((await control("POST", "/clock/resume")).json.isFrozen).toBe(false);
    expect(clock.now()).toBe(Date.parse("2026-03-29T01:00:00Z"));
  });

  it.each([
    ["spring", "2026-03-29T00:59:59Z", "2026-03-29T00:59:59+00:00", "2026-03-29T02:00:00+01:00"],
    ["autumn", "2026-10-25T00:59:59Z", "2026-10-25T01:59:59+01:00", "2026-10-25T01:00:00+00:00"],
  ])("moves the clock over the change of %s", async (_season, now, before, after) => {
    expect((await control("PUT", "/clock", { now })).json.london).toBe(before);
    expect((await control("POST", "/clock/advance", { ms: 1000 })).json.london).toBe(after);
  });

  it("moves the timetable with the clock", async () => {
    await control("PUT", "/clock", { now: "2027-06-01T09:00:00Z" });
    const caller = await Caller.of(sandbox, clock, "T81101");
    const { json } = await caller.slots("2027-06-02", "2027-06-03");
    expect(resourcesOf(json, "Slot").length).toBeGreaterThan(0);
  });

  it("adds, lists and removes faults", async () => {
    const added = await control("POST", "/faults", { service: "PDS", kind: { status: 503 } });
    expect(added.json).toEqual({ id: "1", service: "PDS", kind: { status: 503 } });
    expect((await patient()).status).toBe(503);
    expect((await control("GET", "/faults")).json).toEqual([added.json]);
    expect((await control("DELETE", "/faults/1")).json).toEqual([]);
    expect((await patient()).status).toBe(200);
    expect((await control("DELETE", "/faults/1")).status).toBe(404);
  });

  it.each([
    ["an unknown service", { service: "GP", kind: "reset" }],
    ["an unknown member", { service: "PDS", kind: "reset", odscode: "T81001" }],
    ["an unknown kind", { service: "PDS", kind: "explode" }],
    ["a status out of range", { service: "PDS", kind: { status: 99 } }],
    ["a negative delay", { service: "PDS", kind: { delayMs: -1 } }],
    ["an unknown distribution", { service: "PDS", kind: { delayMs: { distribution: "normal" } } }],
    ["a probability above one", { service: "PDS", kind: "reset", probability: 2 }],
    ["a late commit at PDS", { service: "PDS", kind: { lateCommit: { response: "reset" } } }],
    ["two kinds at once", { service: "PDS", kind: { delayMs: 1, status: 503 } }],
  ])("refuses a fault with %s and adds none", async (_case, fault) => {
    const reply = await control("POST", "/faults", fault);
    expect([reply.status, typeof reply.json.error]).toEqual([400, "string"]);
    expect(sandbox.faults.list()).toEqual([]);
  });

  it("accepts every fault of the documented kinds and every preset", async () => {
    const kinds = [
      "reset",
      "hang",
      "reset-after-commit",
      { status: 503, headers: { "retry-after": "1" } },
      { delayMs: { distribution: "uniform", minMs: 1, maxMs: 2 } },
      { afterCommit: { status: 500 } },
      { lateCommit: { response: { status: 504 }, delayMs: 10 } },
    ];
    for (const kind of kinds) {
      expect((await control("POST", "/faults", { service: "PRACTICE", kind })).status).toBe(200);
    }
    await control("DELETE", "/faults");
    const presets = (await control("GET", "/presets")).json as Record<string, object[]>;
    expect(Object.keys(presets).sort()).toEqual([
      "8am-rush",
      "flapping-directory",
      "late-commits",
      "slow-pds",
      "supplier-outage",
    ]);
    for (const [name, faults] of Object.entries(presets)) {
      expect((await control("POST", `/presets/${name}`)).json).toMatchObject(faults);
      await control("DELETE", "/faults");
    }
    expect((await control("POST", "/presets/nothing")).status).toBe(404);
  });

  it("resets appointments, faults, journal and clock", async () => {
    const { caller, patientId } = await bookedAppointment();
    await control("POST", "/clock/advance", { ms: 1000 });
    await control("POST", "/faults", { service: "PDS", kind: { status: 503 } });
    await control("POST", "/reset");
    expect(clock.now()).toBe(A_WEDNESDAY);
    expect(sandbox.requests).toEqual([]);
    expect((await patient()).status).toBe(200);
    const { json } = await caller.appointments(patientId, "2026-01-14", "2026-02-14");
    expect(resourcesOf(json, "Appointment")).toEqual([]);
  });

  it("keeps a journal with the reason of each refusal", async () => {
    await patient();
    const caller = await Caller.of(sandbox, clock, "T81001");
    await caller.slots("2026-01-15", "2026-02-27");
    const { json } = await control("GET", "/journal?service=PRACTICE&minStatus=400");
    expect(json).toHaveLength(1);
    expect(json[0]).toMatchObject({
      odsCode: "T81001",
      status: 422,
      refusal: { code: "INVALID_PARAMETER", diagnostics: "The range is longer than two weeks" },
    });
    expect((await control("GET", "/journal?service=PDS")).json).toHaveLength(1);
    await control("DELETE", "/journal");
    expect((await control("GET", "/journal")).json).toEqual([]);
  });

  it("keeps the body of a booking in the journal, at the practice alone", async () => {
    const { appointment } = await bookedAppointment();
    const { json } = await control("GET", "/journal");
    const [ssp, practice] = (json as Json[]).filter(({ method }) => method === "POST");
    expect([ssp.service, ssp.body]).toEqual(["SSP", undefined]);
    expect(JSON.parse(practice.body).slot).toEqual(appointment.slot);
  });

  it("says that a caller left without a response", async () => {
    await control("POST", "/faults", { service: "PDS", kind: "hang" });
    const leaving = new AbortController();
    const sent = send(`${sandbox.urls.gateway}/pds/Patient/9000000009`, {
      headers: REQUEST_ID,
      signal: leaving.signal,
    }).catch(() => undefined);
    const entry = async () => (await control("GET", "/journal")).json[0];
    while ((await entry()) === undefined) await setImmediate();
    expect(await entry()).not.toHaveProperty("durationMs");
    leaving.abort();
    await sent;
    while ((await entry()).durationMs === undefined) await setImmediate();
    expect(await entry()).not.toHaveProperty("status");
  });

  it("names the fault that applied to a request in the journal", async () => {
    await control("POST", "/faults", { service: "PDS", kind: { status: 503 }, times: 1 });
    await patient();
    await patient();
    const { json } = await control("GET", "/journal");
    expect(json[0]).toMatchObject({ status: 503, fault: { status: 503 } });
    expect(json[1]).not.toHaveProperty("fault");
  });

  it("numbers the requests of the journal, and returns those after a known one", async () => {
    for (let count = 0; count < 3; count += 1) await patient();
    const { json } = await control("GET", "/journal?after=1");
    expect(json).toMatchObject([
      { id: 2, receivedAt: A_WEDNESDAY_TEXT, durationMs: expect.any(Number) },
      { id: 3 },
    ]);
    await control("POST", "/reset");
    await patient();
    expect((await control("GET", "/journal")).json).toMatchObject([{ id: 4 }]);
  });

  it("issues audit tokens that practices accept", async () => {
    const { text } = await control("GET", "/audit-token?scope=organization/*.read");
    const caller = await Caller.of(sandbox, clock, "T81001");
    expect((await caller.metadata({ authorization: `Bearer ${text}` })).status).toBe(200);
    expect((await control("GET", "/audit-token?scope=everything")).status).toBe(400);
  });

  it("is neither recorded nor subject to faults", async () => {
    sandbox.faults.add({ service: "PDS", kind: { status: 503 } });
    await control("GET", "/personas");
    expect(sandbox.requests).toEqual([]);
  });

  it("refuses an unknown path, a wrong body and a wrong clock", async () => {
    expect((await control("GET", "/nothing")).status).toBe(404);
    expect((await control("PUT", "/clock", { now: "yesterday" })).status).toBe(400);
    expect((await control("PUT", "/clock", { today: "2026-01-14" })).status).toBe(400);
    expect(
      (await send(`${sandbox.urls.gateway}/__sandbox/clock`, { method: "PUT", body: "[]" })).status,
    ).toBe(400);
  });

  it("refuses changes by pages of other origins, and takes those of its own page", async () => {
    const freeze = (site: string) =>
      send(`${sandbox.urls.gateway}/__sandbox/clock/freeze`, {
        method: "POST",
        headers: { "sec-fetch-site": site },
      });
    for (const site of ["cross-site", "same-site"]) expect((await freeze(site)).status).toBe(403);
    expect(clock.isFrozen).toBe(false);
    expect((await freeze("same-origin")).status).toBe(200);
  });

  it("cannot move the clock of the program that started the sandbox", async () => {
    const other = await startSandbox({ clock: new FakeClock(A_WEDNESDAY) });
    const reply = await send(`${other.urls.gateway}/__sandbox/clock/freeze`, { method: "POST" });
    expect(reply.status).toBe(501);
    await other.close();
  });
});

describe("the gateway", () => {
  it("serves every service under one port and nothing else", async () => {
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock });
    const get = async (path: string, headers: Record<string, string> = {}) =>
      (await send(`${sandbox.urls.gateway}${path}`, { headers })).status;
    expect(await get("/pds/Patient/9000000009", REQUEST_ID)).toBe(200);
    expect(await get("/pdsx/Patient/9000000009", REQUEST_ID)).toBe(404);
    expect(await get("/sds/Device", { apikey: "any" })).toBe(400);
    expect(await get("/vm/Observation")).toBe(400);
    expect(await get("/token")).toBe(405);
    expect(await get("/nothing")).toBe(404);
    const { root } = await Caller.of(sandbox, clock, "T81001");
    expect(await get(`/ssp/${root}/metadata`)).toBe(400);
    await sandbox.close();
  });

  it("does not make practices reachable without the proxy", async () => {
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock });
    const { root } = await Caller.of(sandbox, clock, "T81001");
    expect((await send(`${root}/metadata`)).status).toBe(496);
    await sandbox.close();
  });
});
