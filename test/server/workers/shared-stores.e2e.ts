import { once } from "node:events";
import { rmSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { request } from "undici";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.js";
import { compileServer } from "../../support/compile-server.js";
import { type LocalServer, startLocalServer } from "../../support/local-server.js";
import { describeNeeding } from "../../support/needs.js";
import { startPostgres, type TestPostgres } from "../../support/postgres.js";
import { startRedis, type TestRedis } from "../../support/redis.js";
import { MAJA, startIssuer, type TestIssuer } from "../support/issuer.js";
import { type Connection, type Program, startProgram } from "./program.js";

jest.setTimeout(120_000);

const SECRET = "a secret of this suite with thirty-two characters or more";
/** In a second, each. */
const PDS_LIMIT = 10;
const CALLER_LIMIT = 5;

/** Passes all requests on to another server, and its responses back as `change` returns them. */
function startPassingServer(target: string, change: (body: string) => string): Promise<LocalServer> {
  const { origin } = new URL(target);
  return startLocalServer(async ({ path, headers }, response) => {
    const { host, connection, ...passed } = headers;
    const { statusCode, headers: given, body } = await request(`${origin}${path}`, { headers: passed });
    response.writeHead(statusCode, { "content-type": String(given["content-type"]) });
    response.end(change(await body.text()));
  });
}

const PATIENT = `{ patient(nhsNumber: "9000000009") { name { display } practice { odsCode freeSlots(first: 3) { id } } } }`;
const BOOK = `mutation ($input: BookAppointmentInput!) {
  bookAppointment(input: $input) {
    __typename
    ... on AppointmentBooked { recovered appointment { id } }
    ... on SpineProblem { code }
  }
}`;
const bookingOf = (slotId: string | undefined, idempotencyKey: string) => ({
  input: { nhsNumber: "9000000009", slotIds: [slotId], description: "Review", idempotencyKey },
});

describeNeeding("postgres", "two programs of two workers each", () => {
  describeNeeding("redis-server", "over one Redis and one PostgreSQL", () => {
    let redis: TestRedis;
    let postgres: TestPostgres;
    let databaseUrl: string;
    let sandbox: Sandbox;
    let pds: LocalServer;
    let sds: LocalServer;
    /** The directory then gives addresses that are not the registered ones. */
    let isDirectoryOutOfDate = false;
    let issuer: TestIssuer;
    let programs: readonly Program[];
    /** Of each program, one to each worker. */
    let connections: readonly (readonly Connection[])[];
    const compiled = compileServer();
    let pdsArrivals: number[] = [];

    beforeAll(async () => {
      [redis, postgres, sandbox, issuer] = await Promise.all([
        startRedis(),
        startPostgres(),
        startSandbox(),
        startIssuer(),
      ]);
      databaseUrl = await postgres.createDatabase();
      pds = await startPassingServer(sandbox.pdsUrl, (body) => {
        pdsArrivals.push(performance.now());
        return body;
      });
      const addresses = new RegExp(new URL(sandbox.sspUrl).hostname.replaceAll(".", "\\."), "g");
      sds = await startPassingServer(sandbox.sdsUrl, (body) =>
        isDirectoryOutOfDate ? body.replace(addresses, "localhost") : body,
      );
      const environment = {
        ...issuer.environment,
        PDS_URL: `${pds.url}${new URL(sandbox.pdsUrl).pathname}`,
        SDS_URL: `${sds.url}${new URL(sandbox.sdsUrl).pathname}`,
        SSP_URL: sandbox.sspUrl,
        CACHE_URL: redis.url,
        CACHE_ENCRYPTION_KEY: SECRET,
        DATABASE_URL: databaseUrl,
        STORE_KEY: SECRET,
        ID_SIGNING_KEY: SECRET,
        PDS_MAX_RPS: String(PDS_LIMIT),
        CALLER_MAX_RPS: String(CALLER_LIMIT),
        ORGANISATION_MAX_RPS: "10000",
        SSP_TIMEOUT_MS: "2000",
        REQUEST_DEADLINE_MS: "4000",
        LATE_COMMIT_BOUND_MS: "1000",
      };
      programs = await Promise.all([0, 1].map(() => startProgram(compiled, environment)));
      connections = await Promise.all(programs.map((program) => program.connectAll()));
    });
    afterAll(async () => {
      await Promise.all((connections ?? []).flat().map((connection) => connection.close()));
      for (const program of programs ?? []) program.kill();
      await Promise.all([
        sandbox?.close(),
        pds?.close(),
        sds?.close(),
        issuer?.close(),
        redis?.stop(),
        postgres?.stop(),
      ]);
      rmSync(compiled, { recursive: true });
    });
    beforeEach(() => {
      pdsArrivals = [];
    });

    /** Four workers: two of each program. */
    const everyWorker = () => connections.flat();
    const workerOf = (program: 0 | 1, place: 0 | 1): Connection => {
      const connection = connections[program]?.[place];
      if (connection === undefined) throw new Error("there is no such worker");
      return connection;
    };
    const tokens = new Map<string, Promise<string>>();
    /** Nobody but the test of callers' limits may come near the limit of one caller. */
    let callers = 0;
    const headersOf = async (sub: string, session?: string) => {
      const token = tokens.get(sub) ?? issuer.sign({ ...MAJA, sub }, { now: Date.now() / 1000 });
      tokens.set(sub, token);
      return {
        authorization: `Bearer ${await token}`,
        "spine-trace": "1",
        ...(session !== undefined && { "spine-session": session }),
      };
    };
    const headersOfAnyone = () => {
      callers += 1;
      return headersOf(`caller-${callers}`);
    };
    const send = async (connection: Connection, query: string, variables = {}) =>
      connection.query(query, variables, await headersOfAnyone());
    const freeSlots = async (connection: Connection): Promise<string[]> => {
      const { body } = await send(connection, PATIENT);
      return body.data.patient.practice.freeSlots.map(({ id }: { id: string }) => id);
    };
    const until = async (what: string, isTrue: () => Promise<boolean>) => {
      const end = performance.now() + 60_000;
      while (!(await isTrue())) {
        if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
        await setTimeout(50);
      }
    };
    const createsSent = () =>
      sandbox.requests.filter(
        ({ service, interaction }) => service === "PRACTICE" && interaction?.endsWith("create:appointment-1"),
      ).length;
    const standing = () => sandbox.practices.get("T81001")?.appointments.size ?? 0;

    test("each of the four workers is a process of its own", () => {
      expect(new Set(everyWorker().map(({ worker }) => worker)).size).toBe(4);
    });

    test("a session opened at one worker is used at the three others", async () => {
      const headers = await headersOf("the same person", "one encounter");
      const uses: unknown[] = [];
      for (const worker of everyWorker()) {
        const { body } = await worker.query(PATIENT, {}, headers);
        uses.push(body.extensions.spine.cache.PDS);
      }

      const hit = { hits: 1, misses: 0, shared: 0 };
      expect(uses).toEqual([{ hits: 0, misses: 1, shared: 0 }, hit, hit, hit]);
      expect(pdsArrivals).toHaveLength(1);
    });

    test("an entry that one worker finds out of date is renewed for the workers of both programs", async () => {
      const headers = await headersOf("who sees the move", "over a move");
      const slotsAt = async (connection: Connection) => {
        const query = '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }';
        const { body } = await connection.query(query, {}, headers);
        const calls: { service: string }[] = body.extensions.spine.calls;
        return {
          reason: body.errors?.[0].extensions.reason,
          slots: body.data.practice.freeSlots?.length,
          calls: calls.map(({ service }) => service),
        };
      };
      isDirectoryOutOfDate = true;
      expect(await slotsAt(workerOf(0, 0))).toMatchObject({ reason: "ENDPOINT_CHANGED" });
      isDirectoryOutOfDate = false;

      const renewing = await slotsAt(workerOf(0, 1));
      const others = [workerOf(0, 0), workerOf(1, 0), workerOf(1, 1)];

      expect(renewing).toMatchObject({ slots: 1, calls: expect.arrayContaining(["SDS"]) });
      for (const worker of others) expect(await slotsAt(worker)).toMatchObject({ slots: 1, calls: ["SSP"] });
    });

    test("four workers together keep the rate limit of PDS", async () => {
      const CALLS_OF_EACH = 5;
      const aliases = Array.from(
        { length: CALLS_OF_EACH },
        (_, at) => `p${at}: patient(nhsNumber: "9000000009") { name { display } }`,
      );
      // One alias for each request, since equal calls of one request are one call.
      await Promise.all(
        everyWorker().flatMap((worker) => aliases.map((alias) => send(worker, `{ ${alias} }`))),
      );

      const all = 4 * CALLS_OF_EACH;
      expect(pdsArrivals).toHaveLength(all);
      // The last of the windows that are full. A limit for each program would need half of them, and one for each worker
      // none. Half a window is left to the machine, which may hold up the first request.
      const fullWindows = all / PDS_LIMIT - 1;
      const tookMs = Math.max(...pdsArrivals) - Math.min(...pdsArrivals);
      expect(tookMs).toBeGreaterThan((fullWindows - 0.5) * 1_000);
    });

    test("four workers together keep the limit of a caller", async () => {
      const headers = await headersOf("who sends too much");
      const startedAt = performance.now();
      const statuses = await Promise.all(
        everyWorker().map(async (worker) => {
          const seen: number[] = [];
          for (let sent = 0; sent < 3 * CALLER_LIMIT; sent += 1) {
            seen.push((await worker.query("{ __typename }", {}, headers)).status);
          }
          return seen;
        }),
      );
      const windows = Math.floor((performance.now() - startedAt) / 1_000) + 1;

      const admitted = statuses.flat().filter((status) => status === 200).length;
      expect(admitted).toBeGreaterThanOrEqual(CALLER_LIMIT);
      expect(admitted).toBeLessThanOrEqual(CALLER_LIMIT * windows);
      expect(new Set(statuses.flat())).toEqual(new Set([200, 429]));
    });

    test("a slot that a worker of one program is booking is claimed against the workers of the other", async () => {
      const [slot] = await freeSlots(workerOf(0, 0));
      const [standingBefore, sentBefore] = [standing(), createsSent()];
      const hold = sandbox.hold({ service: "PRACTICE", interaction: "create:appointment-1" });
      const booking = send(workerOf(0, 0), BOOK, bookingOf(slot, "key-of-the-first"));
      await hold.waiting();

      const refusals = await Promise.all(
        [workerOf(0, 1), workerOf(1, 0), workerOf(1, 1)].map((worker, at) =>
          send(worker, BOOK, bookingOf(slot, `key-of-another-${at}`)),
        ),
      );
      hold.release();

      for (const { body } of refusals) {
        expect(body.data.bookAppointment).toEqual({
          __typename: "SlotUnavailable",
          code: "SLOT_BEING_BOOKED",
        });
      }
      const { body } = await booking;
      expect(body.data.bookAppointment.__typename).toBe("AppointmentBooked");
      expect(createsSent()).toBe(sentBefore + 1);
      expect(standing()).toBe(standingBefore + 1);
    });

    test("each program sums the metrics of its own workers", async () => {
      const LINE = 'graphql_operations_total{type="query",outcome="ok"} ';
      const countOf = async (program: Program | undefined) => {
        const { body } = await request(`${program?.url}/metrics`, { reset: true });
        const line = (await body.text()).split("\n").find((each) => each.startsWith(LINE));
        return Number(line?.slice(LINE.length) ?? 0);
      };
      const counts = () => Promise.all(programs.map(countOf));
      const before = await counts();
      const sent = [workerOf(0, 0), workerOf(0, 0), workerOf(0, 1), workerOf(1, 0)];
      for (const worker of sent) await send(worker, "{ __typename }");

      const after = await counts();
      expect(after.map((count, at) => count - (before[at] ?? 0))).toEqual([3, 1]);
    });

    test("a booking whose worker is killed is reconciled once, by whichever program comes first", async () => {
      const [, , slot] = await freeSlots(workerOf(1, 0));
      const [standingBefore, sentBefore] = [standing(), createsSent()];
      const hold = sandbox.hold({ service: "PRACTICE", interaction: "create:appointment-1" });
      const lost = expect(send(workerOf(0, 1), BOOK, bookingOf(slot, "key-of-the-killed"))).rejects.toThrow();
      await hold.waiting();

      process.kill(workerOf(0, 1).worker, "SIGKILL");
      await lost;
      hold.release();

      // Only the two programs' own reconciliation runs: nobody makes a request about it.
      await until("the reconciled booking", async () => {
        const claims = await postgres.query(databaseUrl, "select claim from slot_claims");
        return claims.length === 0;
      });
      const replies = await Promise.all(
        [workerOf(0, 0), workerOf(1, 0), workerOf(1, 1)].map((worker) =>
          send(worker, BOOK, bookingOf(slot, "key-of-the-killed")),
        ),
      );
      const ids = replies.map(({ body }) => body.data.bookAppointment.appointment?.id);
      expect(replies.map(({ body }) => body.data.bookAppointment.__typename)).toEqual([
        "AppointmentBooked",
        "AppointmentBooked",
        "AppointmentBooked",
      ]);
      expect(new Set(ids).size).toBe(1);
      expect(createsSent()).toBe(sentBefore + 1);
      expect(standing()).toBe(standingBefore + 1);
    });

    test("after SIGTERM of one program the other one serves its sessions", async () => {
      const headers = await headersOf("who stays", "over the end of a program");
      await workerOf(1, 0).query(PATIENT, {}, headers);
      const [, ending] = programs;
      if (ending === undefined) throw new Error("there is no such program");
      const exit = once(ending.child, "exit");
      ending.child.kill("SIGTERM");
      expect(await exit).toEqual([0, null]);
      pdsArrivals = [];

      const { body } = await workerOf(0, 0).query(PATIENT, {}, headers);

      expect(body.data.patient.name.display).toEqual(expect.any(String));
      expect(pdsArrivals).toHaveLength(0);
    });
  });
});
