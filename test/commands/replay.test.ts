import { BadUserInputError } from "../../src/platform/errors.js";
import {
  ABSENT,
  BOUND_MS,
  CONFIRMED,
  LEASE_MS,
  PRESENT,
  refusedBy,
  ScriptedCommand,
  UNREADABLE,
} from "./scripted-command.js";

const RESULT = { id: "a1", isRecovered: false };
const DONE = { kind: "done", result: RESULT };

let command: ScriptedCommand;
beforeEach(() => {
  command = new ScriptedCommand();
});
afterEach(() => command.verify());

const notPrepared = () => Promise.reject(new Error("a bound key is prepared"));

test("a command that was carried out has the same outcome again, whatever its gates say now", async () => {
  await command.leave({ name: "done", result: RESULT }, ["expired"]);

  expect(await command.run({ prepare: notPrepared })).toEqual({ kind: "replayed", result: RESULT });
});

test("a refusal is the outcome again", async () => {
  await command.leave({ name: "refused", refusal: { kind: "taken" } }, ["expired"]);

  expect(await command.run({ prepare: notPrepared })).toEqual({ kind: "replayed-taken" });
});

test("an error that was the outcome is the outcome again, word for word", async () => {
  const error = refusedBy({ retryable: false });
  command.sends.push({ kind: "refused", error });
  await expect(command.run()).rejects.toBe(error);
  const { message, service, code, retryable } = error;

  await expect(command.run({ prepare: notPrepared })).rejects.toMatchObject({
    message,
    service,
    code,
    retryable,
  });
});

test.each([{ name: "done", result: RESULT }, { name: "absent" }, { name: "unknown", settlesAt: 0 }] as const)(
  "other content under a key is refused ($name)",
  async (state) => {
    await command.leave(state);

    await expect(command.run({ content: ["other content"] })).rejects.toThrow(BadUserInputError);
    expect(command.log).toEqual([]);
  },
);

test("a request does not send what it cannot look up", async () => {
  command.store.get = () => Promise.reject(new Error("the store is away"));

  await expect(command.run({ prepare: notPrepared })).rejects.toMatchObject({ retryable: true });
});

describe("a command that this process is sending", () => {
  test("is shared by a later request, which prepares and sends nothing", async () => {
    let later: Promise<unknown> = Promise.resolve();
    command.sends.push(async () => {
      later = command.run({ prepare: notPrepared });
      return CONFIRMED;
    });

    expect(await command.run()).toEqual(DONE);
    expect(await later).toEqual(DONE);
    expect(command.log).toEqual(["send to first"]);
  });

  test("is not known to a later request that ends before", async () => {
    const later = new AbortController();
    let told: unknown;
    command.sends.push(async () => {
      const run = command.run({ signal: later.signal, prepare: notPrepared });
      later.abort();
      told = await run;
      return CONFIRMED;
    });
    await command.run();

    expect(told).toEqual(command.unknownIn(LEASE_MS + BOUND_MS + 1));
  });
});

describe("a command that another process is sending", () => {
  const leaveSending = () => command.leave({ name: "sending", until: command.clock.now() + LEASE_MS });

  test("is not known until its lease has ended", async () => {
    command.commands.observe(await leaveSending());
    command.advance(LEASE_MS - 1);

    expect(await command.run({ prepare: notPrepared })).toEqual(command.unknownIn(1 + BOUND_MS + 1));
    expect(command.log).toEqual([]);
  });

  test("is looked up once its lease has ended, and its bound starts then", async () => {
    command.commands.observe(await leaveSending());
    command.advance(LEASE_MS);
    command.lookUps.push(ABSENT);

    expect(await command.run({ deadlineMs: 20_000, prepare: notPrepared })).toEqual(
      command.unknownIn(BOUND_MS + 1),
    );
    expect(await command.stateOf()).toEqual({
      name: "unknown",
      settlesAt: command.clock.now() + BOUND_MS + 1,
    });
  });

  test("is done when the look-up finds it", async () => {
    command.commands.observe(await leaveSending());
    command.advance(LEASE_MS);
    command.lookUps.push(PRESENT);

    expect(await command.run({ prepare: notPrepared })).toEqual({
      kind: "done",
      result: { id: "a1", isRecovered: true },
    });
  });
});

describe("a command whose outcome is not known", () => {
  /** A bound whose end this process has seen. */
  async function leaveUnknown(sends?: readonly ("open" | "expired" | "unsent")[]): Promise<void> {
    const settlesAt = command.clock.now() + BOUND_MS + 1;
    command.commands.observe(await command.leave({ name: "unknown", settlesAt }, sends));
    command.advance(BOUND_MS + 1);
  }

  test("is done when the look-up finds it", async () => {
    await leaveUnknown();
    command.lookUps.push(PRESENT);

    expect(await command.run({ prepare: notPrepared })).toMatchObject({ kind: "done" });
    expect(await command.stateOf()).toMatchObject({ name: "done" });
  });

  test("stays so while the practice cannot be read, and says when that is tried again", async () => {
    await leaveUnknown();
    command.lookUps.push(UNREADABLE);

    expect(await command.run({ prepare: notPrepared })).toEqual(command.unknownIn(5_000));
  });

  test("is prepared and sent again when it was absent after the bound", async () => {
    await leaveUnknown();
    command.lookUps.push(ABSENT);
    command.sends.push(CONFIRMED);

    expect(await command.run()).toEqual(DONE);
    expect(await command.endsOf()).toEqual(["expired", "expired"]);
  });

  test("is not sent again within the bound", async () => {
    const settlesAt = command.clock.now() + BOUND_MS + 1;
    const left = await command.leave({ name: "unknown", settlesAt });
    command.commands.observe(left);
    command.advance(BOUND_MS);
    command.lookUps.push(ABSENT);

    expect(await command.run({ deadlineMs: 0, prepare: notPrepared })).toEqual(command.unknownIn(1));
    // What is stored is still so, and is not written again.
    expect((await command.stored())?.revision).toBe(left.revision);
  });

  test("waits for the bound when the request has the time", async () => {
    const settlesAt = command.clock.now() + BOUND_MS + 1;
    command.commands.observe(await command.leave({ name: "unknown", settlesAt }));
    command.lookUps.push(ABSENT, ABSENT);
    command.sends.push(CONFIRMED);

    expect(await command.run()).toEqual(DONE);
    expect(command.waits).toHaveLength(1);
    expect(command.waits[0]).toBeGreaterThan(BOUND_MS);
  });

  test("is left to another request that has changed it meanwhile", async () => {
    await leaveUnknown();
    command.lookUps.push(async () => {
      const claimed = await command.stored();
      if (claimed) await command.commands.store.replace(claimed, claimed.intent);
      return ABSENT;
    });

    expect(await command.run({ prepare: notPrepared })).toEqual(command.unknownIn(LEASE_MS + BOUND_MS + 1));
    expect(command.log).toEqual(["look up"]);
  });

  test("frees the key when it was sent as often as a key may be", async () => {
    await leaveUnknown(["expired", "unsent", "expired", "expired", "expired", "open"]);
    command.lookUps.push(ABSENT);

    await expect(command.run({ prepare: notPrepared })).rejects.toMatchObject({ reason: "NOT_DONE" });
    expect(await command.stored()).toBeUndefined();
  });
});

describe("a command that was not carried out", () => {
  test("is sent again when it was sent less often than a key may be", async () => {
    await command.leave({ name: "absent" }, ["expired", "expired", "unsent", "expired", "expired"]);
    command.sends.push(CONFIRMED);

    expect(await command.run()).toEqual(DONE);
  });

  test("frees the key when it was sent as often as a key may be", async () => {
    await command.leave({ name: "absent" }, ["expired", "expired", "expired", "expired", "expired"]);

    await expect(command.run({ prepare: notPrepared })).rejects.toMatchObject({ reason: "NOT_DONE" });
    expect(await command.stored()).toBeUndefined();
  });

  test("is an error also when the store cannot free the key", async () => {
    await command.leave({ name: "absent" }, ["expired", "expired", "expired", "expired", "expired"]);
    command.store.remove = () => Promise.reject(new Error("the store is away"));

    await expect(command.run({ prepare: notPrepared })).rejects.toMatchObject({ reason: "NOT_DONE" });
    expect(await command.stateOf()).toEqual({ name: "absent" });
  });
});
