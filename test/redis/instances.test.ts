import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeNeeding } from "../support/needs.js";
import { startRedis, type TestRedis } from "../support/redis.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Two instances of one deployment over one store and one Redis: what one has stored, the other knows. */
describeNeeding("redis-server", "two instances of the server", () => {
  let redis: TestRedis;
  let folder: string;
  let first: RunningGraph;
  let second: RunningGraph;

  beforeAll(async () => {
    redis = await startRedis();
    folder = mkdtempSync(join(tmpdir(), "spine-graph-instances-"));
    const environment = {
      DATABASE_URL: `file:${join(folder, "store.db")}`,
      CACHE_URL: redis.url,
      CACHE_ENCRYPTION_KEY: "a key of thirty-two characters or more",
      ID_SIGNING_KEY: "another key of thirty-two characters!",
    };
    first = await startGraph({ environment });
    second = await startGraph({ environment, sandbox: first.sandbox });
  });
  afterAll(async () => {
    await second?.close();
    await first?.close();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const slotId = async () => {
    const { data } = await first.query<{ practice: { freeSlots: { id: string }[] } }>(
      '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }',
    );
    return data.practice.freeSlots[0]?.id ?? "";
  };
  const book = (graph: RunningGraph, input: object) =>
    graph.query<{ bookAppointment: { __typename: string; appointment?: { id: string } } }>(
      `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
         __typename ... on AppointmentBooked { appointment { id } } } }`,
      { input: { nhsNumber: "9000000009", description: "Review", ...input } },
    );
  const standing = () => first.sandbox.practices.get("T81001")?.appointments.size ?? 0;

  test("a slot id of one is taken by the other, and a key that one has bound is replayed by the other", async () => {
    const input = { slotIds: [await slotId()], idempotencyKey: "7f0d8f43-1f2e-4b77-9d34-2f1c7d5f0001" };
    const before = standing();

    const booked = await book(first, input);
    const replayed = await book(second, input);

    expect(booked.data.bookAppointment.__typename).toBe("AppointmentBooked");
    expect(replayed.data.bookAppointment).toEqual(booked.data.bookAppointment);
    expect(standing()).toBe(before + 1);
  });

  test("the same key at both at the same time makes one appointment", async () => {
    const input = { slotIds: [await slotId()], idempotencyKey: "7f0d8f43-1f2e-4b77-9d34-2f1c7d5f0002" };
    const before = standing();

    const answers = await Promise.all([first, second, first, second].map((graph) => book(graph, input)));

    expect(answers.some(({ data }) => data.bookAppointment?.__typename === "AppointmentBooked")).toBe(true);
    expect(standing()).toBe(before + 1);
  });

  test("without Redis a bound key is replayed all the same, and the slot is booked once", async () => {
    const input = { slotIds: [await slotId()], idempotencyKey: "7f0d8f43-1f2e-4b77-9d34-2f1c7d5f0003" };
    const before = standing();
    await redis.kill();

    const booked = await book(first, input);
    const replayed = await book(second, input);

    expect(booked.data.bookAppointment.__typename).toBe("AppointmentBooked");
    expect(replayed.data.bookAppointment).toEqual(booked.data.bookAppointment);
    expect(standing()).toBe(before + 1);
  });
});
