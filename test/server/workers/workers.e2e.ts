import { once } from "node:events";
import { rmSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { request } from "undici";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.js";
import { compileServer } from "../../support/compile-server.js";
import { freePorts } from "../../support/free-ports.js";
import { type LocalServer, startLocalServer } from "../../support/local-server.js";
import { type Connection, connect, type Program, startAndFail, startProgram } from "./program.js";

jest.setTimeout(120_000);

const compiled = compileServer();
let sandbox: Sandbox;
let pds: LocalServer;
let program: Program;
let connections: Connection[] = [];
/** When each request reached PDS. */
let pdsArrivals: number[] = [];
/** Requests to PDS wait for it. */
let pdsGate: Promise<void> = Promise.resolve();

beforeAll(async () => {
  sandbox = await startSandbox();
  pds = await startLocalServer(async (_request, response) => {
    pdsArrivals.push(performance.now());
    await pdsGate;
    response.writeHead(404, { "content-type": "application/fhir+json" }).end(
      JSON.stringify({
        resourceType: "OperationOutcome",
        issue: [
          { severity: "error", code: "not_found", details: { coding: [{ code: "RESOURCE_NOT_FOUND" }] } },
        ],
      }),
    );
  });
});
afterAll(async () => {
  await sandbox.close();
  await pds.close();
  rmSync(compiled, { recursive: true });
});
beforeEach(() => {
  pdsArrivals = [];
  pdsGate = Promise.resolve();
});
afterEach(async () => {
  sandbox.reset();
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  program?.kill();
});

/** Two workers over the sandbox of this test, with a connection to each. */
async function start(environment: Record<string, string> = {}): Promise<[Connection, Connection]> {
  program = await startProgram(compiled, {
    PDS_URL: sandbox.pdsUrl,
    SDS_URL: sandbox.sdsUrl,
    SSP_URL: sandbox.sspUrl,
    ...environment,
  });
  connections = await program.connectAll();
  const [one, other] = connections;
  if (one === undefined || other === undefined) throw new Error("there is only one worker");
  return [one, other];
}

const PATIENT = `{ patient(nhsNumber: "9000000009") { name { display } practice { odsCode freeSlots(first: 3) { id } } } }`;
const BOOK = `mutation ($input: BookAppointmentInput!) {
  bookAppointment(input: $input) {
    __typename
    ... on AppointmentBooked { recovered appointment { id } }
  }
}`;
const IN_SESSION = { "spine-session": "one encounter", "spine-trace": "1" };

const bookingOf = (slotId: string, idempotencyKey: string) => ({
  input: { nhsNumber: "9000000009", slotIds: [slotId], description: "Review", idempotencyKey },
});

async function freeSlots(connection: Connection): Promise<string[]> {
  const { body } = await connection.query(PATIENT);
  return body.data.patient.practice.freeSlots.map(({ id }: { id: string }) => id);
}

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await setTimeout(20);
  }
}

/** A connection of its own, since the worker of a kept one may be killed. Undefined when it was handed to such a worker. */
async function get(path: string): Promise<{ readonly status: number; readonly text: string } | undefined> {
  try {
    const { statusCode, body } = await request(`${program.url}${path}`, {
      reset: true,
      headersTimeout: 20_000,
    });
    return { status: statusCode, text: await body.text() };
  } catch {
    return undefined;
  }
}

async function hasReadiness(status: number): Promise<boolean> {
  return (await get("/health/ready"))?.status === status;
}

async function metric(line: string): Promise<number | undefined> {
  const found = (await get("/metrics"))?.text.split("\n").find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

test("a session opened at one worker is used at the other, and so are slot ids and idempotency keys", async () => {
  const [one, other] = await start();
  expect(one.worker).not.toBe(other.worker);

  const first = await one.query(PATIENT, {}, IN_SESSION);
  const second = await other.query(PATIENT, {}, IN_SESSION);

  expect(first.body.extensions.spine.cache.PDS).toEqual({ hits: 0, misses: 1, shared: 0 });
  expect(second.body.extensions.spine.cache.PDS).toEqual({ hits: 1, misses: 0, shared: 0 });
  expect(second.body.extensions.spine.cache.SDS).toMatchObject({ misses: 0 });
  const [slot = ""] = await freeSlots(one);
  const booked = await other.query(BOOK, bookingOf(slot, "a key of both"));
  expect(booked.body.data.bookAppointment).toMatchObject({
    __typename: "AppointmentBooked",
    recovered: false,
  });
  const replayed = await one.query(BOOK, bookingOf(slot, "a key of both"));
  expect(replayed.body.data.bookAppointment.appointment).toEqual(
    booked.body.data.bookAppointment.appointment,
  );
});

test("two workers share the rate limit of PDS", async () => {
  const [one, other] = await start({ PDS_URL: pds.url, PDS_MAX_RPS: "5" });

  const numbers = ["9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069"];
  const queries = numbers.map((number, at) => `p${at}: patient(nhsNumber: "${number}") { name { display } }`);
  await Promise.all([one, other].map((connection) => connection.query(`{ ${queries.join(" ")} }`)));

  expect(pdsArrivals.length).toBe(2 * numbers.length);
  // 12 requests need two full windows. With a limit for each worker they would need one. Half a window is left to the
  // machine, which may hold up the first request.
  const tookMs = Math.max(...pdsArrivals) - Math.min(...pdsArrivals);
  expect(tookMs).toBeGreaterThan(1_500);
});

test("a worker that is killed while it books is replaced, and the booking is reconciled", async () => {
  const [one, other] = await start({
    REQUEST_DEADLINE_MS: "3000",
    SSP_TIMEOUT_MS: "2000",
    LATE_COMMIT_BOUND_MS: "2000",
  });
  const [slot = ""] = await freeSlots(other);
  const hold = sandbox.hold({ service: "PRACTICE", interaction: "create:appointment-1" });
  const lost = expect(one.query(BOOK, bookingOf(slot, "a key that is lost"))).rejects.toThrow();
  await hold.waiting();

  process.kill(one.worker, "SIGKILL");
  await lost;
  hold.release();

  // The other worker refuses the slot while the outcome is unknown, and knows the booking once it is reconciled.
  const OUTCOME = `{ bookingOutcome(handle: "a key that is lost") { __typename ... on AppointmentBooked { recovered } } }`;
  await until("the reconciled booking", async () => {
    const { body } = await other.query(OUTCOME);
    return body.data.bookingOutcome?.__typename === "AppointmentBooked";
  });
  await until("the replaced worker", () => hasReadiness(200));
  const standing = [...(sandbox.practices.get("T81001")?.appointments ?? [])];
  expect(standing.length).toBe(1);
  const replacement = (await program.connectAll()).map(({ worker }) => worker);
  expect(replacement).toContain(other.worker);
  expect(replacement).not.toContain(one.worker);
});

test("the metrics are the sum over the workers; without one of them the others serve, and no count falls", async () => {
  const OPERATIONS = 'graphql_operations_total{type="query",outcome="ok"}';
  const PRACTICE = '{ practice(odsCode: "T81001") { odsCode } }';
  const [one, other] = await start();
  for (const connection of [one, one, one, other, other]) await connection.query(PRACTICE);

  expect(await hasReadiness(200)).toBe(true);
  expect(await metric(OPERATIONS)).toBe(5);
  expect(await metric("spine_workers_ready")).toBe(2);
  expect(await metric("spine_store_up")).toBe(1);
  process.kill(one.worker, "SIGKILL");
  await until("the missing worker", () => hasReadiness(503));
  expect(await other.query(PRACTICE)).toMatchObject({ status: 200 });
  await until("the replaced worker", () => hasReadiness(200));

  expect(await metric("spine_worker_restarts_total")).toBe(1);
  expect(await metric(OPERATIONS)).toBe(6);
});

test("a connection that a killed worker was given and had not taken is closed, so that its client does not wait", async () => {
  // While no worker lives nobody holds the port.
  const [one, other] = await start({ PORT: String(await freePorts()) });
  const primary = program.child;
  primary.kill("SIGSTOP");
  process.kill(one.worker, "SIGKILL");
  process.kill(other.worker, "SIGKILL");
  // The primary finds these connections before it notices the ends of both workers.
  const HEADERS_TIMEOUT_MS = 20_000;
  const replies = [1, 2].map(() =>
    request(`${program.url}/health/live`, { reset: true, headersTimeout: HEADERS_TIMEOUT_MS }),
  );
  await Promise.race([...replies, setTimeout(200)]);
  primary.kill("SIGCONT");

  for (const reply of replies)
    await expect(reply).rejects.toMatchObject({ code: expect.stringMatching(/RESET|SOCKET/) });
  await until("the replaced workers", () => hasReadiness(200));
});

test("SIGTERM lets the operations of all workers end, and leaves nothing behind", async () => {
  const [one, other] = await start({ PDS_URL: pds.url });
  let release = () => {};
  pdsGate = new Promise((resolve) => {
    release = resolve;
  });
  const running = [one, other].map((connection) =>
    connection.query('{ patient(nhsNumber: "9990000018") { name { display } } }'),
  );
  await until("the requests at PDS", () => pdsArrivals.length === 2);
  expect(program.temporaryFiles()).not.toEqual([]);
  const exit = once(program.child, "exit");

  program.child.kill("SIGTERM");
  await until("the refusal of new connections", () =>
    connect(program.url).then(
      (connection) => connection.close().then(() => false),
      () => true,
    ),
  );
  release();

  for (const reply of running)
    expect(await reply).toMatchObject({ status: 200, body: { data: { patient: null } } });
  expect(await exit).toEqual([0, null]);
  expect(program.temporaryFiles()).toEqual([]);
  for (const { worker } of [one, other]) expect(() => process.kill(worker, 0)).toThrow("ESRCH");
});

test("workers that cannot start end the program with one message", async () => {
  const { code, log } = await startAndFail(compiled, { DATABASE_URL: "file:/dev/null/store.db" });

  expect(code).toBe(1);
  expect(log.match(/The store at DATABASE_URL cannot be used/g)).toHaveLength(1);
});
