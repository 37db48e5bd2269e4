import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";
import type { IntentStore } from "../../src/platform/store/index.js";
import { createMemoryIntentStore } from "../support/memory-intent-store.js";
import { CommandHarness } from "./command-harness.js";
import { silence } from "./fake-practice.js";

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

  test("after the create has left: the truth is told, and found again later", async () => {
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

describe("a refusal while an earlier send is still out", () => {
  test("409 for somebody else's booking: the slot is unavailable, and the key is watched until the bound", async () => {
    const harness = new CommandHarness();
    harness.practice.next("createAppointment", "late", {
      before: () => void harness.practice.bookElsewhere(["slot-24"]),
    });
    const refused = await harness.book({ idempotencyKey: key });
    expect(refused).toMatchObject({ kind: "slot-unavailable" });
    expect(await harness.store.open()).toHaveLength(1);

    harness.advance(LATE_MS + 1);
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["ABSENT"]);
    expect(await harness.store.open()).toEqual([]);
    expect(await harness.book({ idempotencyKey: key })).toEqual(refused);
  });

  test("should the other give the slot up and the late one come in, the key answers with it", async () => {
    const harness = new CommandHarness();
    let theirs = "";
    harness.practice.next("createAppointment", "late", {
      before: () => {
        theirs = harness.practice.bookElsewhere(["slot-24"]).id;
      },
    });
    await harness.book({ idempotencyKey: key });
    harness.practice.change(theirs, { status: "cancelled" });
    harness.practice.catchUp();

    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
  });

  test("any other refusal says nothing of the first send: unknown", async () => {
    const harness = new CommandHarness();
    harness.practice.next("createAppointment", "late", silence({ outcomeUnknown: false, httpStatus: 422 }));

    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    harness.practice.catchUp();
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["BOOKED"]);
  });
});
