import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CACHE_SHAPE } from "../../src/platform/cache/scoped-cache.js";
import type { ValueStore } from "../../src/platform/cache/value-store.js";
import { SlidingLogLimiter } from "../../src/platform/resilience/rate-limit.js";
import { LocalCounter } from "../../src/server/admission/request-counter.js";
import { TestClock } from "../support/call-context.js";
import { type GraphAnswer, type RunningGraph, startGraph } from "../support/start-graph.js";

/** What the cache held after {@link QUERIES}, and the response. `PRINT_CACHE_ENTRIES=true` writes the file of a new number. */
interface Fixture {
  readonly entries: Readonly<Record<string, unknown>>;
  readonly read: unknown;
}

const fileOf = (shape: number) => join(__dirname, `cache-entries-${shape}.json`);
const SHAPES = readdirSync(__dirname).flatMap((file) => /^cache-entries-(\d+)\.json$/.exec(file)?.[1] ?? []);
const SESSION = { "spine-session": "an encounter" };

/** All of it can be read from the cache. */
const READ = `{
  patient(nhsNumber: "9000000009") {
    nhsNumber dateOfBirth gender name { display given family } address { lines postalCode } practice { odsCode }
  }
  practice(odsCode: "T81001") {
    endpoint { asid partyKey serviceRootUrl } capabilities { canBookAppointments fhirVersion gpConnectVersion }
  }
}`;
/** Spine's own entry is cached for it; the status itself is not. */
const STATUS = '{ patient(nhsNumber: "9000000009") { chargeableStatus { recorded } } }';

let graph: RunningGraph | undefined;
afterEach(async () => {
  await graph?.close();
  graph = undefined;
});

/** A server whose cache is this map. Everything that its keys and times depend on is the same in each run. */
async function startOver(entries: Map<string, unknown>): Promise<RunningGraph> {
  const cache: ValueStore = {
    get: <T>(key: string) => entries.get(key) as T | undefined,
    set: (key, value) => entries.set(key, JSON.parse(JSON.stringify(value))) !== undefined,
    delete: (key) => entries.delete(key),
  };
  const clock = new TestClock();
  const counter = new LocalCounter(clock);
  graph = await startGraph({
    clock,
    primary: {
      idSecret: "a secret of this test with thirty-two characters or more",
      cacheSecret: "another secret of this test, of thirty-two characters or more",
      cache: { ...cache, close: () => {} },
      requests: { increment: async (key) => counter.increment(key) },
      createRateLimiter: (_service, rateLimit) => new SlidingLogLimiter(rateLimit),
    },
  });
  return graph;
}

const callsOf = ({ extensions }: GraphAnswer<unknown>) =>
  (extensions?.spine?.calls ?? []).map(({ service, interaction }) => `${service} ${interaction}`);

/** The members of a value and the types of their values, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((one) => JSON.stringify(shapeOf(one))))].sort();
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, shapeOf(member)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

const shapesOf = (entries: Iterable<unknown>) =>
  [...entries].map((entry) => JSON.stringify(shapeOf(entry))).sort();

test("the cache is filled with entries of the shapes that are recorded for its number", async () => {
  const entries = new Map<string, unknown>();
  const running = await startOver(entries);
  const response = await running.query(READ, {}, SESSION);
  const status = await running.query(STATUS, {}, SESSION);
  expect([response.errors, status.errors]).toEqual([undefined, undefined]);
  if (process.env.PRINT_CACHE_ENTRIES === "true" && !existsSync(fileOf(CACHE_SHAPE))) {
    const fixture: Fixture = { entries: Object.fromEntries(entries), read: response.data };
    writeFileSync(fileOf(CACHE_SHAPE), `${JSON.stringify(fixture, null, 2)}\n`);
  }

  const fixture = JSON.parse(readFileSync(fileOf(CACHE_SHAPE), "utf8")) as Fixture;
  // A session, a patient, a practice's entry and capabilities, Spine's own entry.
  expect(entries.size).toBe(5);
  expect(shapesOf(entries.values())).toEqual(shapesOf(Object.values(fixture.entries)));
});

test.each(SHAPES.map(Number))("entries of shape %i are read, or missed by another number", async (shape) => {
  const { entries, read } = JSON.parse(readFileSync(fileOf(shape), "utf8")) as Fixture;
  const running = await startOver(new Map(Object.entries(entries)));
  const response = await running.query(READ, {}, SESSION);
  const calls = callsOf(response);

  expect(response.errors).toBeUndefined();
  if (shape === CACHE_SHAPE) {
    expect(calls).toEqual([]);
    expect(response.data).toEqual(read);
  } else {
    expect(calls).toContain("PDS Patient.read");
    expect(calls.filter((call) => call.startsWith("SDS")).length).toBeGreaterThan(0);
    expect(calls.filter((call) => call.includes("metadata"))).toHaveLength(1);
  }
});
