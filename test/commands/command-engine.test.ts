import { BadUserInputError, UpstreamError } from "../../src/platform/errors.js";
import { BOUND_MS, CONFIRMED, LEASE_MS, refusedBy, ScriptedCommand } from "./scripted-command.js";

const DONE = { kind: "done", result: { id: "a1", isRecovered: false } };

let command: ScriptedCommand;
beforeEach(() => {
  command = new ScriptedCommand();
});
afterEach(() => command.verify());

/** A step that waits until the test lets it go on. */
function barrier() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test("a command that was carried out is counted under its outcome", async () => {
  command.sends.push(CONFIRMED);
  await command.run();

  expect(command.outcomes).toEqual(["test done"]);
});

test("a command that failed is counted as an error", async () => {
  command.sends.push({ kind: "refused", error: refusedBy({ retryable: true }) });
  await expect(command.run()).rejects.toThrow(UpstreamError);

  expect(command.outcomes).toEqual(["test error"]);
});

test("a gate that is closed is the outcome, and binds no key", async () => {
  expect(await command.run({ prepare: async () => ({ kind: "closed-gate" }) })).toEqual({
    kind: "closed-gate",
  });
  expect(await command.stored()).toBeUndefined();
  expect(command.outcomes).toEqual(["test closed-gate"]);
});

test("a request without a key gets one that nobody can guess, and is not looked up before", async () => {
  command.sends.push(CONFIRMED);
  const get = jest.spyOn(command.store, "get");
  expect(
    await command.run({
      key: null,
      prepare: async () => {
        expect(get).not.toHaveBeenCalled();
        return { kind: "ready", address: "first" };
      },
    }),
  ).toEqual(DONE);

  expect((await command.stored("made-1"))?.intent.details.handle).toBe("made-1");
});

test("nothing is stored for a request that has ended", async () => {
  const claim = jest.spyOn(command.store, "claim");
  const run = command.run({ signal: AbortSignal.abort() });

  await expect(run).rejects.toMatchObject({ service: "SSP", code: "UPSTREAM_TIMEOUT", retryable: true });
  expect(claim).not.toHaveBeenCalled();
});

test("nothing is sent for a request that ends while its command is stored, and its key is free", async () => {
  const caller = new AbortController();
  const { claim } = command.store;
  command.store.claim = async (...request) => {
    const claimed = await claim(...request);
    caller.abort();
    return claimed;
  };

  await expect(command.run({ signal: caller.signal })).rejects.toMatchObject({ code: "UPSTREAM_TIMEOUT" });
  expect(await command.stored()).toBeUndefined();
  expect(command.log).toEqual([]);
});

test("a request that ends while another command holds the resource gets that outcome, and frees nothing", async () => {
  command.resources = ["slot"];
  await command.leave({ name: "sending", until: command.clock.now() + LEASE_MS }, ["open"], "key-2");
  const caller = new AbortController();
  const { claim } = command.store;
  command.store.claim = async (...request) => {
    const conflict = await claim(...request);
    caller.abort();
    return conflict;
  };

  expect(await command.run({ signal: caller.signal })).toEqual({ kind: "claimed-by-another" });
  expect(await command.endsOf("key-2")).toEqual(["open"]);
});

test("the lease of a command begins when it is stored", async () => {
  const began = command.clock.now();
  command.sends.push(async () => {
    expect(await command.stateOf()).toEqual({ name: "sending", until: began + LEASE_MS });
    return CONFIRMED;
  });
  await command.run();
});

test("a resource that another command may still take effect on is not sent for", async () => {
  command.resources = ["slot"];
  await command.leave({ name: "unknown", settlesAt: 0 }, ["open"], "key-2");

  expect(await command.run()).toEqual({ kind: "claimed-by-another" });
  expect(await command.stored()).toBeUndefined();
});

test("the caller is told at the deadline that the outcome is not known, and the command goes on", async () => {
  const caller = new AbortController();
  const { opened, open } = barrier();
  command.sends.push(async () => {
    caller.abort();
    await opened;
    return CONFIRMED;
  });

  expect(await command.run({ signal: caller.signal })).toEqual({
    kind: "unknown",
    handle: "key-1",
    settlesAt: command.clock.now() + LEASE_MS + BOUND_MS + 1,
  });
  open();
  await command.commands.inFlight.idle();
  expect(await command.stateOf()).toEqual({ name: "done", result: DONE.result });
});

describe("of two requests under one key", () => {
  /** Both have found the key free when either claims it. */
  function together() {
    const { opened, open } = barrier();
    let waiting = 0;
    return async () => {
      waiting += 1;
      if (waiting === 2) open();
      await opened;
      return { kind: "ready" as const, address: "first" };
    };
  }

  test("one sends, and both have its outcome", async () => {
    command.sends.push(CONFIRMED);
    const prepare = together();
    const outcomes = await Promise.all([command.run({ prepare }), command.run({ prepare })]);

    expect(command.log).toEqual(["send to first"]);
    for (const { kind } of outcomes) expect(["done", "replayed"]).toContain(kind);
  });

  test("one sends again what was not carried out, and both have its outcome", async () => {
    await command.leave({ name: "absent" }, ["expired"]);
    command.sends.push(CONFIRMED);
    const prepare = together();
    const outcomes = await Promise.all([command.run({ prepare }), command.run({ prepare })]);

    expect(command.log).toEqual(["send to first"]);
    for (const { kind } of outcomes) expect(["done", "replayed"]).toContain(kind);
    expect(await command.endsOf()).toEqual(["expired", "expired"]);
  });

  test("one with other content is refused, and does not send", async () => {
    command.sends.push(CONFIRMED);
    const prepare = together();
    const [first, second] = await Promise.allSettled([
      command.run({ prepare }),
      command.run({ prepare, content: ["other content"] }),
    ]);
    const refused = [first, second].find(({ status }) => status === "rejected") as PromiseRejectedResult;

    expect(refused.reason).toBeInstanceOf(BadUserInputError);
    expect(refused.reason).toMatchObject({ field: "input.idempotencyKey" });
    expect(command.log).toEqual(["send to first"]);
  });

  test("one whose rival has freed the key again is told that the outcome is not known", async () => {
    const { claim } = command.store;
    command.store.claim = async (...request) => {
      const rival = await claim(...request);
      const taken = await claim(...request);
      if (rival.kind === "claimed") await command.store.remove(request[0], rival.revision, []);
      return taken;
    };

    expect(await command.run()).toEqual({
      kind: "unknown",
      handle: "key-1",
      settlesAt: command.clock.now() + LEASE_MS + BOUND_MS + 1,
    });
    expect(command.log).toEqual([]);
  });
});

test("a command that is sent again keeps what its earlier sends were and were for", async () => {
  await command.leave({ name: "absent" }, ["unsent", "expired"]);
  command.sends.push(CONFIRMED);
  await command.run();

  expect(await command.endsOf()).toEqual(["unsent", "expired", "expired"]);
  expect((await command.stored())?.intent.details.subject).toBe("subject again");
});

test("the audit record of a command is opened with it, and with each request that sends it again", async () => {
  const claim = jest.spyOn(command.commands.store, "claim");
  const replace = jest.spyOn(command.commands.store, "replace");
  const error = refusedBy({ retryable: true });
  command.sends.push({ kind: "refused", error }, CONFIRMED);
  await expect(command.run()).rejects.toBe(error);
  expect(claim.mock.calls[0]?.[2]).toBeDefined();
  replace.mockClear();
  await command.run();

  expect(replace.mock.calls[0]?.[2]).toBeDefined();
});
