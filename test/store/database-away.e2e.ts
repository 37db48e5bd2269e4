import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeNeeding } from "../support/needs.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { until } from "../support/redis.js";
import { type GraphAnswer, type RunningGraph, startGraph } from "../support/start-graph.js";

const PRACTICE = "T81001";
const PATIENT = "9000000009";
const CREATE = "create:appointment-1";
const NAME = `{ patient(nhsNumber: "${PATIENT}") { name { family } } }`;

const STORE_AWAY = {
  code: "UPSTREAM_UNAVAILABLE",
  upstream: "STORE",
  service: "STORE",
  retryable: true,
  reason: "STORE_UNAVAILABLE",
};

interface Booked {
  readonly bookAppointment: { __typename: string; handle?: string; appointment?: { id: string } };
}

describeNeeding("postgres", "a running server whose database is taken away", () => {
  let postgres: TestPostgres;
  let folder: string;
  let graph: RunningGraph;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "spine-graph-away-"));
  });
  let isStopped = false;
  const takeAway = async () => {
    isStopped = true;
    await postgres.stopFast();
  };
  const giveBack = async () => {
    await postgres.restart();
    isStopped = false;
  };
  afterEach(async () => {
    if (isStopped) await giveBack();
    await graph.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const auditFile = () => join(folder, "audit.ndjson");
  async function start(environment: Record<string, string>): Promise<void> {
    graph = await startGraph({
      environment: {
        DATABASE_URL: await postgres.createDatabase(),
        DATABASE_STATEMENT_TIMEOUT_MS: "1000",
        AUDIT_FILE: auditFile(),
        REQUIRE_AUDIT_FOR_QUERIES: "true",
        ...environment,
      },
    });
  }
  const ready = async () => {
    const response = await graph.get("/health/ready");
    const { store } = (await response.body.json()) as { store: string };
    return { status: response.statusCode, store };
  };
  const back = async () => {
    await giveBack();
    await until("the database's return", async () => (await ready()).store === "up");
  };
  async function freeSlot(): Promise<string> {
    const { data } = await graph.query<{ practice: { freeSlots: { id: string }[] } }>(
      `{ practice(odsCode: "${PRACTICE}") { freeSlots(first: 1) { id } } }`,
    );
    return data.practice.freeSlots[0]?.id ?? "";
  }
  const book = (slotId: string, idempotencyKey: string) =>
    graph.query<Booked>(
      `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename
         ... on AppointmentBooked { appointment { id } } ... on BookingOutcomeUnknown { handle } } }`,
      { input: { nhsNumber: PATIENT, slotIds: [slotId], description: "Review", idempotencyKey } },
    );
  const refusal = ({ errors = [] }: GraphAnswer<unknown>) => errors[0]?.extensions;
  const idOf = ({ data }: GraphAnswer<Booked>) => data.bookAppointment.appointment?.id;
  const standing = () =>
    [...(graph.sandbox.practices.get(PRACTICE)?.appointments.values() ?? [])].filter(
      ({ resource }) => resource.status === "booked",
    ).length;

  test("commands are refused and send nothing; queries go on over the audit file; it comes back by itself", async () => {
    await start({ AUDIT_SINKS: "file" });
    const slotId = await freeSlot();
    const before = standing();
    await takeAway();
    const sent = graph.sandbox.requests.length;

    const refused = await book(slotId, "one");
    expect(refusal(refused)).toMatchObject(STORE_AWAY);
    expect(graph.sandbox.requests).toHaveLength(sent);
    // A refusal is of this request only: the same key is free.
    expect(refusal(await book(slotId, "one"))).toMatchObject(STORE_AWAY);
    expect(graph.sandbox.requests).toHaveLength(sent);

    expect(await graph.query(NAME)).toMatchObject({
      data: { patient: { name: { family: expect.any(String) } } },
    });
    const inFile = readFileSync(auditFile(), "utf8");
    expect(inFile.trim().split("\n").at(-1)).toContain("PDS Patient.read");
    expect(await ready()).toMatchObject({ status: 200, store: "down" });

    await back();
    expect(await ready()).toMatchObject({ status: 200, store: "up" });
    const booked = await book(slotId, "one");
    expect(idOf(booked)).toEqual(expect.any(String));
    expect(standing()).toBe(before + 1);
  }, 60_000);

  test("without the audit file queries are refused too, and the server is not ready until it is back", async () => {
    await start({ AUDIT_SINKS: "none" });
    expect(await graph.query(NAME)).not.toHaveProperty("errors");
    await takeAway();
    const sent = graph.sandbox.requests.length;

    // The first one finds the database away only when it comes to confirm what it has read.
    for (let query = 0; query < 2; query += 1) {
      const answer = await graph.query(NAME);
      expect(refusal(answer)).toMatchObject(STORE_AWAY);
      expect(answer).not.toMatchObject({ data: { patient: expect.anything() } });
    }
    const afterFirst = graph.sandbox.requests.length;
    expect(afterFirst - sent).toBeLessThanOrEqual(1);
    expect(await ready()).toMatchObject({ status: 503, store: "down" });

    await back();
    expect(await ready()).toMatchObject({ status: 200, store: "up" });
    expect(await graph.query(NAME)).not.toHaveProperty("errors");
  }, 60_000);

  test("queries whose audit is not required go on without any sink", async () => {
    await start({ AUDIT_SINKS: "none", REQUIRE_AUDIT_FOR_QUERIES: "false" });
    await takeAway();

    expect(await graph.query(NAME)).toMatchObject({
      data: { patient: { name: { family: expect.any(String) } } },
    });
    expect(refusal(await book("any", "one"))).toMatchObject(STORE_AWAY);
    expect(await ready()).toMatchObject({ status: 200, store: "down" });
  }, 60_000);

  test("a create that is on its way while the database goes is told as it ended, and kept once it is back", async () => {
    await start({ AUDIT_SINKS: "file" });
    const slotId = await freeSlot();
    const before = standing();
    const hold = graph.sandbox.hold({ service: "PRACTICE", odsCode: PRACTICE, interaction: CREATE });
    const booking = book(slotId, "under way");
    await hold.waiting();
    await takeAway();
    hold.release();

    const booked = await booking;
    expect(booked.data.bookAppointment.__typename).toBe("AppointmentBooked");
    expect(refusal(await book(slotId, "another key"))).toMatchObject(STORE_AWAY);
    await back();
    await graph.sweep();

    const again = await book(slotId, "under way");
    expect(idOf(again)).toBe(idOf(booked));
    expect(standing()).toBe(before + 1);
  }, 60_000);

  test("a database that stands still refuses commands in time, and sends nothing", async () => {
    await start({ AUDIT_SINKS: "file" });
    const slotId = await freeSlot();
    const before = standing();
    postgres.freeze();
    const refused = await book(slotId, "frozen").finally(() => postgres.thaw());

    expect(refusal(refused)).toMatchObject(STORE_AWAY);
    expect(standing()).toBe(before);
    await until("the database's return", async () => (await ready()).store === "up");
    expect(idOf(await book(slotId, "frozen"))).toEqual(expect.any(String));
    expect(standing()).toBe(before + 1);
  }, 60_000);
});
