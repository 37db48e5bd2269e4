import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";
import type { IntentStore } from "../../src/platform/store/index.js";
import { createMemoryIntentStore } from "../support/memory-intent-store.js";
import { CommandHarness } from "./command-harness.js";
import { refusal, silence } from "./fake-practice.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };
const LATE_MS = 30_000;
const LEASE_MS = 37_000;

describe("the store of intents fails", () => {
  /** A store of which single methods can be made to fail. */
  class FailingStore {
    readonly failing = new Set<keyof IntentStore>();
    store: IntentStore | undefined;

    readonly make = (clock: { now(): number }): IntentStore => {
      const inner = createMemoryIntentStore(clock);
      this.store = new Proxy(inner, {
        get: (target, method: keyof IntentStore) =>
          this.failing.has(method)
            ? async () => {
                throw new Error("the store is gone");
              }
            : target[method],
      });
      return this.store;
    };
  }

  const refused = {
    code: "UPSTREAM_UNAVAILABLE",
    reason: "STORE_UNAVAILABLE",
    retryable: true,
  };
  let failing: FailingStore;
  let harness: CommandHarness;
  beforeEach(() => {
    failing = new FailingStore();
    harness = new CommandHarness({ store: failing.make });
  });
  const book = (): Promise<BookingOutcome> => harness.book({ idempotencyKey: key });

  test.each(["get", "claim"] as const)("on %s: refused, and nothing was sent", async (method) => {
    failing.failing.add(method);

    await expect(book()).rejects.toMatchObject(refused);
    expect(harness.practice.writes).toEqual([]);
  });

  test("after the create has left: what is known is written as soon as it can be, with no look at the practice", async () => {
    failing.failing.add("replace");
    expect(await book()).toMatchObject({ kind: "booked", recovered: false });
    await harness.sweeper.step();
    failing.failing.clear();
    harness.calls.length = 0;
    await harness.sweeper.step();

    expect(harness.calls).toEqual([]);
    expect(await failing.store?.open()).toEqual([]);
    harness.restart();
    expect(await book()).toMatchObject({ kind: "booked", recovered: false });
  });

  test("on an ask after a create has left: the words are about that ask only", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    expect(await book()).toEqual(unknown);

    failing.failing.add("get");
    await expect(book()).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining("this request"),
    });
    failing.failing.clear();
    expect(await book()).toMatchObject({ kind: "booked", recovered: true });
  });

  test("the store fails after the create has left: the outcome is true, and is found again later", async () => {
    failing.failing.add("replace");
    const first = await book();
    expect(first).toMatchObject({ kind: "booked", recovered: false });

    failing.failing.clear();
    harness.restart();
    harness.advance(LEASE_MS);
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["BOOKED"]);
    expect(await book()).toMatchObject({ kind: "booked" });
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("before the second send: it is not sent", async () => {
    harness.practice.next("createAppointment", "lost-before");
    failing.failing.add("replace");

    expect(await book()).toEqual(unknown);
    expect(harness.count("createAppointment")).toBe(1);
  });

  test("with everything in it lost while the create was under way: the key is bound anew", async () => {
    harness.practice.next("createAppointment", {
      before: async () => {
        const lost = await harness.store.get(harness.commands.store.keyFor("book", "T82000", key));
        await harness.store.remove(lost?.key ?? "", lost?.revision ?? 0);
      },
    });

    expect(await book()).toMatchObject({ kind: "booked" });
    expect(await book()).toMatchObject({ kind: "booked", recovered: false });
    expect(harness.count("createAppointment")).toBe(1);
  });

  test("the sweeper waits for it to come back", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    expect(await book()).toEqual(unknown);
    failing.failing.add("open");
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual([]);

    failing.failing.clear();
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["BOOKED"]);
  });
});

describe("a refusal after an unclear end", () => {
  test("409 to a create after the bound, for somebody else's booking: the slot is unavailable for good", async () => {
    const harness = new CommandHarness();
    harness.deadlineMs = 60_000;
    harness.practice.next("createAppointment", "lost-before", {
      before: () => void harness.practice.bookElsewhere(["slot-24"]),
    });
    const refused = await harness.book({ idempotencyKey: key });
    expect(refused).toMatchObject({ kind: "slot-unavailable", code: "SLOT_UNAVAILABLE" });
    expect(await harness.store.open()).toEqual([]);

    expect(await harness.book({ idempotencyKey: key })).toEqual(refused);
    expect(harness.count("createAppointment")).toBe(2);
  });

  test("a slot that somebody else has taken by the read-back after the bound is refused by the practice", async () => {
    const harness = new CommandHarness();
    harness.practice.next("createAppointment", "lost-before");
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    harness.practice.bookElsewhere(["slot-24"]);
    harness.advance(LATE_MS + 1);

    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ code: "SLOT_UNAVAILABLE" });
  });

  test("a definite refusal of the second create binds the key to it", async () => {
    const harness = new CommandHarness();
    harness.deadlineMs = 60_000;
    harness.practice.next("createAppointment", "lost-before", refusal(400, "INVALID_RESOURCE"));

    const ask = () => harness.book({ idempotencyKey: key });
    await expect(ask()).rejects.toMatchObject({ code: "UPSTREAM_REFUSED", reason: "INVALID_RESOURCE" });
    await expect(ask()).rejects.toMatchObject({ code: "UPSTREAM_REFUSED", reason: "INVALID_RESOURCE" });
    expect(harness.count("createAppointment")).toBe(2);
  });
});
