import Keyv from "keyv";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { BatchBarrier } from "../../src/loaders/batch-barrier.js";
import { createEndpointLoaders } from "../../src/loaders/endpoint.loader.js";
import { createPatientLoader } from "../../src/loaders/patient.loader.js";
import { ScopedCache } from "../../src/platform/cache/scoped-cache.js";
import type { PdsClient, PdsReadResult } from "../../src/upstreams/pds/index.js";
import type { Directory, DirectoryQuery, DirectoryResult } from "../../src/upstreams/sds/index.js";
import { upstreamError } from "../../src/upstreams/upstream-errors.js";
import { TestClock, testContext } from "../support/call-context.js";

/** The patients of one batch cost one directory query (design section 5), and no read waits without need. */
const clock = new TestClock();
const SPINE: DirectoryQuery = { odsCode: "YES" as OdsCode, interaction: "urn:vm", partyKey: "YES-1" };
const unavailable = (service: "PDS" | "SDS") =>
  upstreamError({ service, code: "UPSTREAM_UNAVAILABLE", retryable: true });
const entryFor = ({ odsCode }: DirectoryQuery): DirectoryResult => ({
  kind: "entry",
  entry: { odsCode, asid: `asid-${odsCode}`, partyKey: "K-1", serviceRootUrl: "https://gp.example" },
});

interface OperationOptions {
  readonly batches?: boolean;
  readonly session?: string;
  readonly cache?: ScopedCache;
  readonly signal?: AbortSignal;
  readonly answer?: (query: DirectoryQuery) => DirectoryResult;
}

const newCache = () => new ScopedCache({ store: new Keyv(), hashKey: Buffer.alloc(32, 7), clock });

/** The loaders of one operation over a PDS that answers when told, and a directory that notes what it is asked. */
function operation({
  batches = true,
  session,
  cache = newCache(),
  signal,
  answer = entryFor,
}: OperationOptions = {}) {
  const reads = new Map<string, { found(): void; fail(): void }>();
  const pds: Pick<PdsClient, "readPatient"> = {
    readPatient: (nhsNumber) =>
      new Promise<PdsReadResult>((resolve, reject) => {
        const record = { nhsNumber } as Extract<PdsReadResult, { kind: "found" }>["record"];
        reads.set(nhsNumber, {
          found: () => resolve({ kind: "found", record }),
          fail: () => reject(unavailable("PDS")),
        });
      }),
  };
  const asked: string[][] = [];
  const directory: Directory = {
    batches,
    async lookUp(queries) {
      asked.push(queries.map(({ odsCode }) => odsCode));
      return queries.map(answer);
    },
  };
  const context = testContext(signal && { signal });
  const barrier = new BatchBarrier();
  const shared = {
    cache,
    barrier,
    session: session === undefined ? undefined : { id: session, endsAt: clock.now() + 60_000 },
  };
  const spine = { kind: "directory", query: SPINE, ttlMs: 60_000 } as const;
  const patients = createPatientLoader(context, { ...shared, pds: pds as PdsClient, ttlMs: 60_000 });
  const endpoints = createEndpointLoaders(context, { ...shared, directory, spine });
  return {
    asked,
    endpoints,
    read: (number: string) => reads.get(number),
    /** As a resolver goes from a patient to the practice's endpoint: several steps on. */
    async endpointOf(number: string, odsCode: string) {
      await patients.load(number as NhsNumber);
      await Promise.resolve();
      const { asid } = await endpoints.practiceEndpoint.load(odsCode as OdsCode);
      return asid;
    },
    endpoint: async (odsCode: string) => (await endpoints.practiceEndpoint.load(odsCode as OdsCode)).asid,
  };
}

/** Until everything that can happen by itself has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("a directory that batches is queried", () => {
  it("once for all practices, when the last PDS read is complete", async () => {
    const { endpointOf, read, asked } = operation();
    const answers = [
      endpointOf("1", "P1"),
      endpointOf("2", "P2"),
      endpointOf("3", "P1"),
      endpointOf("4", "P3"),
    ];
    await settle();
    for (const number of ["3", "1", "2"]) {
      read(number)?.found();
      await settle();
      expect(asked).toEqual([]);
    }
    read("4")?.found();
    expect(await Promise.all(answers)).toEqual(["asid-P1", "asid-P2", "asid-P1", "asid-P3"]);
    expect(asked).toEqual([["P1", "P2", "P3"]]);
  });

  it("once for 50 patients of 10 practices, whatever the order of the responses", async () => {
    const { endpointOf, read, asked } = operation();
    const numbers = Array.from({ length: 50 }, (_, index) => `${index}`);
    const answers = numbers.map((number) => endpointOf(number, `P${Number(number) % 10}`));
    await settle();
    for (const number of numbers.toReversed()) {
      read(number)?.found();
      if (Number(number) % 7 === 0) await settle();
    }
    await Promise.all(answers);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toHaveLength(10);
  });

  it("when the last PDS read has failed", async () => {
    const { endpointOf, read, asked } = operation();
    const found = endpointOf("1", "P1");
    const failed = endpointOf("2", "P2");
    await settle();
    read("1")?.found();
    await settle();
    read("2")?.fail();
    await expect(failed).rejects.toMatchObject({ service: "PDS" });
    expect(await found).toBe("asid-P1");
    expect(asked).toEqual([["P1"]]);
  });

  it("when the request ends, although some reads are pending", async () => {
    const controller = new AbortController();
    const { endpointOf, read, asked } = operation({ signal: controller.signal });
    const found = endpointOf("1", "P1");
    const hanging = endpointOf("2", "P2");
    await settle();
    read("1")?.found();
    await settle();
    expect(asked).toEqual([]);
    controller.abort();
    expect(await found).toBe("asid-P1");
    read("2")?.fail();
    await expect(hanging).rejects.toThrow();
  });

  it("at once for a practice that is named by its code", async () => {
    const { endpoint, endpointOf, read, asked } = operation();
    const byPatient = endpointOf("1", "P1");
    expect(await Promise.all([endpoint("P8"), endpoint("P9")])).toEqual(["asid-P8", "asid-P9"]);
    expect(asked).toEqual([["P8", "P9"]]);
    await settle();
    read("1")?.found();
    await byPatient;
    expect(asked).toEqual([["P8", "P9"], ["P1"]]);
  });

  it("for one batch without waiting for the reads of a later batch", async () => {
    const { endpointOf, read, asked } = operation();
    const first = [endpointOf("1", "P1"), endpointOf("2", "P2")];
    await settle();
    const second = endpointOf("3", "P3");
    await settle();
    read("1")?.found();
    read("2")?.found();
    await Promise.all(first);
    expect(asked).toEqual([["P1", "P2"]]);
    read("3")?.found();
    await second;
    expect(asked).toEqual([["P1", "P2"], ["P3"]]);
  });

  it("for Spine's own service beside PDS", async () => {
    const { endpointOf, endpoints, read, asked } = operation();
    const practice = endpointOf("1", "P1");
    expect((await endpoints.spineEndpoint.load()).asid).toBe("asid-YES");
    expect(asked).toEqual([["YES"]]);
    read("1")?.found();
    await practice;
  });

  it("only for what the session has not cached", async () => {
    const cache = newCache();
    const earlier = operation({ cache, session: "s" });
    await Promise.all([earlier.endpoint("P1"), earlier.endpoint("P3")]);

    const { endpoint, asked } = operation({ cache, session: "s" });
    const answers = await Promise.all(["P1", "P2", "P3", "P4"].map(endpoint));
    expect(answers).toEqual(["asid-P1", "asid-P2", "asid-P3", "asid-P4"]);
    expect(asked).toEqual([["P2", "P4"]]);
  });

  it("once when two requests of a session need each other's practices", async () => {
    const cache = newCache();
    const one = operation({ cache, session: "s" });
    const other = operation({ cache, session: "s" });
    const answers = await Promise.all([
      ...["P1", "P2"].map(one.endpoint),
      ...["P2", "P3", "P1"].map(other.endpoint),
    ]);
    expect(answers).toHaveLength(5);
    expect([...one.asked.flat(), ...other.asked.flat()].sort()).toEqual(["P1", "P2", "P3"]);
  });

  it("and fails for one practice alone", async () => {
    const { endpoint } = operation({
      answer: (query) =>
        query.odsCode === "P2"
          ? { kind: "fault", error: unavailable("SDS") }
          : query.odsCode === "P3"
            ? { kind: "none" }
            : entryFor(query),
    });
    const ends = await Promise.allSettled(["P1", "P2", "P3", "P4"].map(endpoint));
    expect(ends).toMatchObject([
      { value: "asid-P1" },
      { reason: { code: "UPSTREAM_UNAVAILABLE" } },
      { reason: { code: "UPSTREAM_REFUSED", reason: "NOT_ON_GP_CONNECT" } },
      { value: "asid-P4" },
    ]);
  });

  it("and names Spine's own entry, not a practice, when that is missing", async () => {
    const { endpoints } = operation({ answer: () => ({ kind: "none" }) });
    await expect(endpoints.spineEndpoint.load()).rejects.toMatchObject({
      service: "SDS",
      code: "UPSTREAM_REFUSED",
      reason: "NO_SPINE_ENDPOINT",
      retryable: false,
      message: "The Spine directory has no entry for the Visitors & Migrants service itself.",
    });
  });

  it("and fails for all practices when the look-up itself fails", async () => {
    const { endpoint } = operation({
      answer: () => {
        throw new Error("disk full");
      },
    });
    const ends = await Promise.allSettled(["P1", "P2"].map(endpoint));
    expect(ends).toMatchObject([{ reason: { message: "disk full" } }, { reason: { message: "disk full" } }]);
  });

  it("again for a practice whose entry is out of date", async () => {
    const { endpoint, endpoints, asked } = operation({ session: "s" });
    await Promise.all([endpoint("P1"), endpoint("P2")]);
    await endpoints.renewedEndpoint.load("P1" as OdsCode);
    expect(asked).toEqual([["P1", "P2"], ["P1"]]);
  });
});

describe("a directory that does not batch is queried", () => {
  it("for each practice as soon as its patient is known", async () => {
    const { endpointOf, read, asked } = operation({ batches: false });
    const first = endpointOf("1", "P1");
    const last = endpointOf("2", "P2");
    await settle();
    read("1")?.found();
    expect(await first).toBe("asid-P1");
    expect(asked).toEqual([["P1"]]);
    read("2")?.found();
    await last;
    expect(asked).toEqual([["P1"], ["P2"]]);
  });

  it("once for each practice", async () => {
    const { endpoint, asked } = operation({ batches: false });
    await Promise.all(["P1", "P2", "P1"].map(endpoint));
    expect(asked).toEqual([["P1"], ["P2"]]);
  });
});
