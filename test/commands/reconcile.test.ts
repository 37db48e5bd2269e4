import {
  ABSENT,
  BOUND_MS,
  EXCLUDED,
  LEASE_MS,
  MISMATCH,
  PRESENT,
  ScriptedCommand,
  SPENT,
  UNREADABLE,
} from "./scripted-command.js";

const RESULT = { id: "a1", isRecovered: false };
const RECOVERED = { id: "a1", isRecovered: true };

let command: ScriptedCommand;
beforeEach(() => {
  command = new ScriptedCommand();
});
afterEach(() => command.verify());

const unknownNow = () => ({ name: "unknown" as const, settlesAt: command.clock.now() + BOUND_MS });

/** An unknown outcome whose bound this process has seen end. */
async function leaveUnknown(facts: { readonly isMismatch?: boolean } = {}): Promise<void> {
  command.commands.observe(await command.leave({ ...unknownNow(), ...facts }));
  command.advance(BOUND_MS + 1);
}

function audited() {
  return command.events.map(({ operation, outcome, reason, odsCode }) => [
    operation,
    outcome,
    reason,
    odsCode,
  ]);
}

test("a command that is found was carried out, and that is audited", async () => {
  await leaveUnknown();
  command.lookUps.push(SPENT);

  expect(await command.reconcile()).toBe("BOOKED");
  expect(await command.stateOf()).toEqual({ name: "done", result: RECOVERED });
  expect(await command.endsOf()).toEqual(["expired"]);
  expect(audited()).toEqual([["settlement", "SUCCEEDED", "BOOKED", "T81001"]]);
});

test("a command that is found while its send may have a further effect stays open", async () => {
  await leaveUnknown();
  command.lookUps.push(PRESENT);

  expect(await command.reconcile()).toBe("BOOKED");
  expect(await command.endsOf()).toEqual(["open"]);
});

test("a command that something else excludes was not carried out", async () => {
  await leaveUnknown();
  command.lookUps.push(EXCLUDED);

  expect(await command.reconcile()).toBe("ABSENT");
  expect(await command.stateOf()).toEqual({ name: "refused", refusal: { kind: "taken" } });
  expect(audited()).toEqual([["settlement", "SUCCEEDED", "ABSENT", "T81001"]]);
});

test("absence after the bound is certain", async () => {
  await leaveUnknown();
  command.lookUps.push(ABSENT);

  expect(await command.reconcile()).toBe("ABSENT");
  expect(await command.stateOf()).toEqual({ name: "absent" });
  expect(await command.endsOf()).toEqual(["expired"]);
});

test("absence within the bound proves nothing", async () => {
  command.commands.observe(await command.leave(unknownNow()));
  command.advance(BOUND_MS);
  command.lookUps.push(ABSENT);

  expect(await command.reconcile()).toBe("PENDING");
  expect((await command.stateOf())?.name).toBe("unknown");
  expect(audited()).toEqual([["settlement", "UNKNOWN", "PENDING", "T81001"]]);
});

test("absence that was read before the bound ended proves nothing, although the bound is over afterwards", async () => {
  command.commands.observe(await command.leave(unknownNow()));
  command.lookUps.push(() => {
    command.advance(BOUND_MS + 1);
    return ABSENT;
  });

  expect(await command.reconcile()).toBe("PENDING");
});

test("absence that the store does not take is not stated", async () => {
  await leaveUnknown();
  command.lookUps.push(async () => {
    // Another process changes the intent meanwhile.
    const claimed = await command.stored();
    if (claimed) await command.commands.store.replace(claimed, claimed.intent);
    return ABSENT;
  });

  expect(await command.reconcile()).toBe("PENDING");
  expect((await command.stateOf())?.name).toBe("unknown");
});

test("a practice that cannot be read is read again later, also after the bound", async () => {
  await leaveUnknown();
  command.lookUps.push(UNREADABLE);

  expect(await command.reconcile()).toBe("PENDING");
  expect((await command.stateOf())?.name).toBe("unknown");
  expect(command.alerts).toEqual([]);
});

test("a practice that never can be read any more ends the search, and people are called", async () => {
  await leaveUnknown();
  command.lookUps.push({ kind: "unreadable", forGood: true });

  expect(await command.reconcile()).toBe("LOST");
  expect(await command.stateOf()).toMatchObject({ name: "unknown", forGood: true });
  expect(command.alerts).toEqual(["OUTCOME_LOST"]);
  expect(audited()).toEqual([["settlement", "UNKNOWN", "LOST", "T81001"]]);
});

test("something else than was requested is looked at again until the bound is over", async () => {
  command.commands.observe(await command.leave(unknownNow()));
  command.lookUps.push(MISMATCH);

  expect(await command.reconcile()).toBe("PENDING");
  expect(await command.stateOf()).toMatchObject({ name: "unknown", isMismatch: true });
  expect(command.alerts).toEqual(["WRITE_MISMATCH"]);
});

test("something else than was requested after the bound is given up for people to look at", async () => {
  await leaveUnknown();
  command.lookUps.push(MISMATCH);

  expect(await command.reconcile()).toBe("LOST");
  expect(await command.stateOf()).toMatchObject({ isMismatch: true, forGood: true });
  expect(command.alerts).toEqual(["WRITE_MISMATCH", "OUTCOME_LOST"]);
});

test("a mismatch is alerted once, and its absence is never stated", async () => {
  await leaveUnknown({ isMismatch: true });
  command.lookUps.push(ABSENT);

  expect(await command.reconcile()).toBe("LOST");
  expect(command.alerts).toEqual(["OUTCOME_LOST"]);
  expect(await command.stateOf()).toMatchObject({ isMismatch: true, forGood: true });
});

test("the mismatch of a command whose send has no further effect is alerted once", async () => {
  await leaveUnknown({ isMismatch: true });
  command.lookUps.push(MISMATCH);

  expect(await command.reconcile()).toBe("LOST");
  expect(command.alerts).toEqual(["OUTCOME_LOST"]);
});

test("the bound of a send whose process has died starts when its lease has ended", async () => {
  const claimed = await command.leave({ name: "sending", until: command.clock.now() + LEASE_MS });
  command.commands.observe(claimed);
  command.advance(LEASE_MS);
  command.lookUps.push(ABSENT);

  expect(await command.reconcile()).toBe("PENDING");
  expect((await command.stateOf())?.name).toBe("unknown");

  command.advance(BOUND_MS);
  command.lookUps.push(ABSENT);
  expect(await command.reconcile()).toBe("PENDING");

  command.advance(1);
  command.lookUps.push(ABSENT);
  expect(await command.reconcile()).toBe("ABSENT");
});

describe("of a command that was carried out, with a send that may have a further effect", () => {
  async function leaveDone(): Promise<void> {
    command.commands.observe(await command.leave({ name: "done", result: RESULT }));
  }

  test("nothing is looked for within the bound", async () => {
    await leaveDone();
    command.doubles = [];
    command.advance(BOUND_MS);

    expect(await command.reconcile()).toBe("PENDING");
    expect(await command.endsOf()).toEqual(["open"]);
    expect(audited()).toEqual([]);
  });

  test("no second effect ends the sends, and keeps the result", async () => {
    await leaveDone();
    command.doubles = [{ kind: "none" }];
    command.advance(BOUND_MS + 1);

    expect(await command.reconcile()).toBe("BOOKED");
    expect(await command.endsOf()).toEqual(["expired"]);
    expect(await command.stateOf()).toEqual({ name: "done", result: RESULT });
    expect(command.alerts).toEqual([]);
    expect(audited()).toEqual([["settlement", "SUCCEEDED", "BOOKED", "T81001"]]);
  });

  test("a command without such a look-up ends its sends", async () => {
    await leaveDone();
    command.advance(BOUND_MS + 1);

    expect(await command.reconcile()).toBe("BOOKED");
    expect(await command.endsOf()).toEqual(["expired"]);
    expect(await command.stateOf()).toEqual({ name: "done", result: RESULT });
  });

  test("a practice that cannot be read is read again", async () => {
    await leaveDone();
    command.doubles = [{ kind: "unreadable" }];
    command.advance(BOUND_MS + 1);

    expect(await command.reconcile()).toBe("PENDING");
    expect(await command.endsOf()).toEqual(["open"]);
    expect(audited()).toEqual([]);
  });

  test("a second effect is attributed to the command, audited as failed, and alerted", async () => {
    await leaveDone();
    const both = { id: "a1 and a2", isRecovered: false };
    command.doubles = [{ kind: "double", result: both }];
    command.advance(BOUND_MS + 1);

    expect(await command.reconcile()).toBe("DOUBLED");
    expect(await command.stateOf()).toEqual({ name: "done", result: both });
    expect(await command.endsOf()).toEqual(["expired"]);
    expect(command.alerts).toEqual(["CARRIED_OUT_TWICE"]);
    expect(audited()).toEqual([["settlement", "FAILED", "DOUBLED", "T81001"]]);
  });

  test("what the store does not take is reconciled again", async () => {
    await leaveDone();
    command.doubles = [{ kind: "none" }];
    command.advance(BOUND_MS + 1);
    const claimed = await command.stored();
    command.store.replace = () => Promise.reject(new Error("the store is away"));

    expect(claimed).toBeDefined();
    expect(await command.reconcile()).toBe("PENDING");
    expect(await command.endsOf()).toEqual(["open"]);
  });
});
