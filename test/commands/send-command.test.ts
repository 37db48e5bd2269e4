import {
  ABSENT,
  BOUND_MS,
  CONFIRMED,
  EXCLUDED,
  LEASE_MS,
  MISMATCH,
  PRESENT,
  refusedBy,
  ScriptedCommand,
  SPENT,
  UNREADABLE,
} from "./scripted-command.js";

const DONE = { kind: "done", result: { id: "a1", isRecovered: false } };
const RECOVERED = { kind: "done", result: { id: "a1", isRecovered: true } };
const UNCLEAR = { kind: "unclear" } as const;
const NEVER_LEFT = refusedBy({ retryable: true });

let command: ScriptedCommand;
beforeEach(() => {
  command = new ScriptedCommand();
});
afterEach(() => command.verify());

test("what the practice confirms is done, and its send can have no further effect", async () => {
  command.sends.push(CONFIRMED);

  expect(await command.run()).toEqual(DONE);
  expect(await command.stateOf()).toEqual({ name: "done", result: DONE.result });
  expect(await command.endsOf()).toEqual(["expired"]);
  expect(command.log).toEqual(["send to first"]);
});

describe("a refusal", () => {
  test("that may succeed later leaves the key free, and is the caller's error", async () => {
    const error = refusedBy({ retryable: true });
    command.sends.push({ kind: "refused", error });
    command.isRefusalAnOutcome = true;

    await expect(command.run()).rejects.toBe(error);
    expect(await command.stateOf()).toEqual({ name: "absent" });
    expect(await command.endsOf()).toEqual(["expired"]);
  });

  test("that is an outcome binds the key to it", async () => {
    command.sends.push({ kind: "refused", error: refusedBy({ retryable: false }) });
    command.isRefusalAnOutcome = true;

    expect(await command.run()).toEqual({ kind: "taken" });
    expect(await command.stateOf()).toEqual({ name: "refused", refusal: { kind: "taken" } });
    expect(await command.endsOf()).toEqual(["expired"]);
  });

  test("that is no outcome binds the key to its error", async () => {
    const error = refusedBy({ retryable: false });
    command.sends.push({ kind: "refused", error });

    await expect(command.run()).rejects.toBe(error);
    expect(await command.stateOf()).toMatchObject({ name: "refused", refusal: { kind: "error" } });
    expect(await command.endsOf()).toEqual(["expired"]);
  });
});

describe("a send that provably never reached the practice", () => {
  const unsent = { kind: "unsent", error: NEVER_LEFT } as const;

  test("is sent again at once when that can help", async () => {
    command.sends.push(unsent, CONFIRMED);
    command.resend = { kind: "ready", address: "second" };

    expect(await command.run()).toEqual(DONE);
    expect(command.log).toEqual(["send to first", "prepare resend after UPSTREAM_REFUSED", "send to second"]);
    expect(await command.endsOf()).toEqual(["unsent", "expired"]);
    expect(command.waits).toEqual([]);
  });

  test("is sent again once only", async () => {
    command.sends.push(unsent, unsent);
    command.resend = { kind: "ready", address: "second" };

    await expect(command.run()).rejects.toBe(NEVER_LEFT);
    expect(command.log.filter((entry) => entry.startsWith("prepare"))).toHaveLength(1);
    expect(await command.stored()).toBeUndefined();
  });

  test("frees the key when another send would end in the same way", async () => {
    command.sends.push(unsent);

    await expect(command.run()).rejects.toBe(NEVER_LEFT);
    expect(await command.stored()).toBeUndefined();
  });

  test("is not sent again when the caller has left meanwhile", async () => {
    const caller = new AbortController();
    command.sends.push(() => {
      caller.abort();
      return unsent;
    });
    command.resend = { kind: "ready", address: "second" };

    expect(await command.run({ signal: caller.signal })).toMatchObject({ kind: "unknown" });
    await command.commands.inFlight.idle();
    expect(await command.stored()).toBeUndefined();
  });

  test("keeps the key of sends that did reach it", async () => {
    await command.leave({ name: "absent" }, ["expired"]);
    command.sends.push(unsent);

    await expect(command.run()).rejects.toBe(NEVER_LEFT);
    expect(await command.stateOf()).toEqual({ name: "absent" });
    expect(await command.endsOf()).toEqual(["expired", "unsent"]);
  });

  test("leaves the key to the sweeper when the store cannot free it", async () => {
    command.sends.push(unsent);
    command.store.remove = () => Promise.reject(new Error("the store is away"));

    await expect(command.run()).rejects.toBe(NEVER_LEFT);
    expect(await command.stateOf()).toEqual({ name: "sending", until: command.clock.now() + LEASE_MS });
  });
});

describe("an unclear end", () => {
  test("is done when the read-back finds it, and the send stays open unless it is spent", async () => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(PRESENT);

    expect(await command.run()).toEqual(RECOVERED);
    expect(await command.endsOf()).toEqual(["open"]);
    expect(command.log).toEqual(["send to first", "read back after unclear"]);
  });

  test("is closed when what was found proves that the send is spent", async () => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(SPENT);

    expect(await command.run()).toEqual(RECOVERED);
    expect(await command.endsOf()).toEqual(["expired"]);
  });

  test("is refused when something else is in its place", async () => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(EXCLUDED);

    expect(await command.run()).toEqual({ kind: "taken" });
    expect(await command.stateOf()).toEqual({ name: "refused", refusal: { kind: "taken" } });
    expect(await command.endsOf()).toEqual(["expired"]);
  });

  test("is sent again only after the bound and a read-back that shows it absent", async () => {
    command.sends.push(UNCLEAR, CONFIRMED);
    command.readBacks.push(ABSENT, ABSENT);

    expect(await command.run()).toEqual(DONE);
    expect(command.log).toEqual([
      "send to first",
      "read back after unclear",
      "read back after unclear",
      "send to first",
    ]);
    expect(command.waits).toHaveLength(1);
    expect(command.waits[0]).toBeGreaterThan(BOUND_MS);
    expect(command.waits[0]).toBeLessThan(BOUND_MS + 100);
    expect(await command.endsOf()).toEqual(["expired", "expired"]);
  });

  test("is unknown when the read-back after the bound fails", async () => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(ABSENT, UNREADABLE);

    expect(await command.run()).toMatchObject({ kind: "unknown", handle: "key-1" });
    expect(await command.endsOf()).toEqual(["open"]);
  });

  test("is unknown when the wait ended before the bound", async () => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(ABSENT, ABSENT);
    command.onWait = () => command.advance(BOUND_MS);

    expect(await command.run()).toEqual(command.unknownIn(1));
    expect(await command.endsOf()).toEqual(["open"]);
  });

  test("is unknown at once when the deadline is nearer than the bound", async () => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(ABSENT);

    expect(await command.run({ deadlineMs: BOUND_MS })).toEqual(command.unknownIn(BOUND_MS + 1));
    expect(await command.stateOf()).toEqual({
      name: "unknown",
      settlesAt: command.clock.now() + BOUND_MS + 1,
    });
    expect(command.waits).toEqual([]);
  });

  test("is unknown when the read-back throws", async () => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(() => Promise.reject(new Error("no response")));

    expect(await command.run({ deadlineMs: 20_000 })).toEqual(command.unknownIn(BOUND_MS + 1));
  });

  test("is read back although the caller has left, and nothing is sent again", async () => {
    const caller = new AbortController();
    command.sends.push(() => {
      caller.abort();
      return UNCLEAR;
    });
    command.readBacks.push(ABSENT);

    expect(await command.run({ signal: caller.signal })).toMatchObject({ kind: "unknown" });
    await command.commands.inFlight.idle();
    expect(command.log).toEqual(["send to first", "read back after unclear"]);
    expect((await command.stateOf())?.name).toBe("unknown");
  });

  test("is not read back again when the caller leaves during the wait", async () => {
    const caller = new AbortController();
    command.sends.push(UNCLEAR);
    command.readBacks.push(ABSENT);
    command.onWait = () => {
      command.advance(BOUND_MS + 10);
      caller.abort();
    };
    await command.run({ signal: caller.signal });
    await command.commands.inFlight.idle();

    expect(command.log).toEqual(["send to first", "read back after unclear"]);
    expect((await command.stateOf())?.name).toBe("unknown");
  });

  test.each([
    ["test", "NOT_DONE", /did not carry out the request/],
    ["book", "NOT_BOOKED", /did not book the appointment/],
  ])(
    "is sent five times at most (%s), and is then not done: the key is free",
    async (kind, reason, message) => {
      command.kind = kind;
      command.sends.push(UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR);
      command.readBacks.push(...Array.from({ length: 10 }, () => ABSENT));

      await expect(command.run({ deadlineMs: 1_000_000 })).rejects.toMatchObject({
        message: expect.stringMatching(message),
        service: "PROVIDER",
        code: "UPSTREAM_UNAVAILABLE",
        reason,
        retryable: true,
      });
      expect(await command.stored()).toBeUndefined();
    },
  );

  test("keeps the count of its sends when the caller has left before it could be told", async () => {
    const caller = new AbortController();
    command.sends.push(UNCLEAR);
    command.readBacks.push(ABSENT, () => {
      caller.abort();
      return ABSENT;
    });

    expect(await command.run({ signal: caller.signal })).toMatchObject({ kind: "unknown" });
    await command.commands.inFlight.idle();
    expect(await command.stateOf()).toEqual({ name: "absent" });
    expect(await command.endsOf()).toEqual(["expired"]);
  });

  test.each([
    ["cannot store the next send", () => Promise.reject(new Error("the store is away"))],
    ["says that another process has changed it", async () => ({ kind: "stale" as const })],
    [
      "says that another command holds the resource",
      async () => ({ kind: "conflict" as const, slotClaims: [], heldBy: "key-2" }),
    ],
  ])("sends nothing more when the store %s", async (_case, replace) => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(ABSENT, () => {
      command.store.replace = replace;
      return ABSENT;
    });

    // Another request may be about to send, with a lease of its own.
    expect(await command.run()).toEqual(command.unknownIn(LEASE_MS + BOUND_MS + 1));
    expect(command.log).not.toContain("prepare resend after UPSTREAM_REFUSED");
  });
});

describe("a mismatch", () => {
  test("is unknown, alerted, and never sent again", async () => {
    command.sends.push({ kind: "mismatch" });
    command.readBacks.push(ABSENT, ABSENT);

    expect(await command.run()).toMatchObject({ kind: "unknown" });
    expect(command.alerts).toEqual(["WRITE_MISMATCH"]);
    expect(await command.stateOf()).toMatchObject({ name: "unknown", isMismatch: true });
    expect(await command.endsOf()).toEqual(["open"]);
    expect(command.log.filter((entry) => entry.startsWith("send"))).toHaveLength(1);
  });

  test("is done when the read-back finds what was requested", async () => {
    command.sends.push({ kind: "mismatch" });
    command.readBacks.push(PRESENT);

    expect(await command.run()).toEqual(RECOVERED);
    expect(await command.stateOf()).toMatchObject({ name: "done" });
  });

  test("that the read-back shows is alerted, and tells when it can be stated", async () => {
    command.sends.push(UNCLEAR);
    command.readBacks.push(MISMATCH);

    expect(await command.run()).toEqual(command.unknownIn(BOUND_MS + 1));
    expect(command.alerts).toEqual(["WRITE_MISMATCH"]);
    expect(await command.stateOf()).toMatchObject({ isMismatch: true });
  });
});

describe("a conflict", () => {
  const error = refusedBy({ retryable: false });
  const conflict = { kind: "conflict", error } as const;

  test("with an earlier send of the command is done", async () => {
    command.sends.push(conflict);
    command.readBacks.push(PRESENT);

    expect(await command.run()).toEqual(RECOVERED);
    expect(command.log).toEqual(["send to first", "read back after conflict"]);
    expect(await command.endsOf()).toEqual(["expired"]);
  });

  test("with something else is refused, without a wait", async () => {
    command.sends.push(conflict);
    command.readBacks.push(ABSENT);
    command.isRefusalAnOutcome = true;

    expect(await command.run()).toEqual({ kind: "taken" });
    expect(command.waits).toEqual([]);
    expect(await command.endsOf()).toEqual(["expired"]);
  });

  test("that cannot be read back is unknown, and its send stays open", async () => {
    command.sends.push(conflict);
    command.readBacks.push(UNREADABLE);
    command.isRefusalAnOutcome = true;

    expect(await command.run()).toEqual(command.unknownIn(BOUND_MS + 1));
    expect(await command.stateOf()).toMatchObject({ name: "unknown" });
    expect(await command.endsOf()).toEqual(["open"]);
    expect(command.waits).toEqual([]);
  });
});

describe("a response that says that it was not done", () => {
  test("is believed when the read-back shows it absent: the key is free", async () => {
    command.sends.push({ kind: "not-done" });
    command.readBacks.push(ABSENT);

    await expect(command.run()).rejects.toMatchObject({ reason: "NOT_DONE", retryable: true });
    expect(await command.stored()).toBeUndefined();
    expect(command.waits).toEqual([]);
  });

  test("is not believed when the read-back finds it", async () => {
    command.sends.push({ kind: "not-done" });
    command.readBacks.push(PRESENT);

    expect(await command.run()).toEqual(RECOVERED);
  });

  test("is unknown when it cannot be read back", async () => {
    command.sends.push({ kind: "not-done" });
    command.readBacks.push(UNREADABLE);

    expect(await command.run()).toEqual(command.unknownIn(BOUND_MS + 1));
  });
});

describe("of a command whose outcome frees its key", () => {
  beforeEach(() => {
    command.isKeyFreedByOutcome = true;
  });

  test("nothing is kept once it is done", async () => {
    command.sends.push(CONFIRMED);

    expect(await command.run()).toEqual(DONE);
    expect(await command.stored()).toBeUndefined();
  });

  test("nothing is kept once it is refused", async () => {
    command.sends.push({ kind: "refused", error: refusedBy({ retryable: false }) });
    command.isRefusalAnOutcome = true;

    expect(await command.run()).toEqual({ kind: "taken" });
    expect(await command.stored()).toBeUndefined();
  });

  test("the outcome is told although the store cannot free the key", async () => {
    command.store.remove = () => Promise.reject(new Error("the store is away"));
    command.sends.push(CONFIRMED);
    expect(await command.run()).toEqual(DONE);

    command.sends.push({ kind: "refused", error: refusedBy({ retryable: false }) });
    command.isRefusalAnOutcome = true;
    expect(await command.run({ key: "key-2" })).toEqual({ kind: "taken" });
  });
});

test("the outcome is told although the store cannot take it", async () => {
  command.sends.push(() => {
    command.store.replace = () => Promise.reject(new Error("the store is away"));
    return CONFIRMED;
  });

  expect(await command.run()).toEqual(DONE);
});

test("the caller gets `settlesAt` although the store cannot take that the outcome is not known", async () => {
  command.sends.push(() => {
    command.store.replace = () => Promise.reject(new Error("the store is away"));
    return UNCLEAR;
  });
  command.readBacks.push(ABSENT);

  expect(await command.run({ deadlineMs: 20_000 })).toEqual(command.unknownIn(BOUND_MS + 1));
});
