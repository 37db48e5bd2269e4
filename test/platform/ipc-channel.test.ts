import { IpcChannel, type ProcessPort } from "../../src/platform/ipc/ipc-channel.js";

interface Sums {
  add(one: number, other: number): number;
  fail(): never;
  note(text: string): void;
}
// biome-ignore lint/complexity/noBannedTypes: this side offers nothing.
type Nothing = {};

/** Two ends of a connection, with what was sent from the first. */
function connect() {
  const listeners: ((message: unknown) => void)[][] = [[], []];
  const sent: unknown[] = [];
  const deliver = (to: number, message: unknown) => {
    for (const listen of listeners[to] ?? []) listen(message);
  };
  const end = (own: number): ProcessPort => ({
    send(message) {
      if (own === 0) sent.push(message);
      // As it comes through a pipe.
      const copy: unknown = JSON.parse(JSON.stringify(message));
      queueMicrotask(() => deliver(1 - own, copy));
    },
    onMessage: (listen) => void listeners[own]?.push(listen),
  });
  const notes: string[] = [];
  const caller = new IpcChannel<Sums, Nothing>(end(0), {});
  new IpcChannel<Nothing, Sums>(end(1), {
    add: (one, other) => one + other,
    fail: () => {
      throw new Error("no sum");
    },
    note: (text) => void notes.push(text),
  });
  return { caller, sent, notes, deliver: (message: unknown) => deliver(1, message) };
}

test("calls of one turn of the event loop travel in one message, and each has its own result", async () => {
  const { caller, sent } = connect();

  const results = await Promise.all([caller.call("add", 1, 2), caller.call("add", 10, 20)]);

  expect(results).toEqual([3, 30]);
  expect(sent.length).toBe(1);
});

test("a remote error rejects its own call only", async () => {
  const { caller } = connect();

  const [failed, added] = await Promise.allSettled([caller.call("fail"), caller.call("add", 1, 1)]);

  expect(failed).toMatchObject({ status: "rejected", reason: { message: "no sum" } });
  expect(added).toEqual({ status: "fulfilled", value: 2 });
});

test("only offered functions can be called, not what every object inherits", async () => {
  const { caller } = connect();
  const call = caller.call.bind(caller) as (name: string) => Promise<unknown>;

  await expect(call("constructor")).rejects.toThrow("there is no call constructor");
  await expect(call("missing")).rejects.toThrow("there is no call missing");
});

test("closing rejects what is pending and what comes later", async () => {
  const { caller } = connect();
  const pending = caller.call("add", 1, 2);
  caller.close();

  await expect(pending).rejects.toThrow("the other process has gone");
  await expect(caller.call("add", 1, 2)).rejects.toThrow("the other process has gone");
});

test("messages of other users of the connection are ignored", async () => {
  const { caller, deliver, notes } = connect();
  for (const message of [null, "text", { type: "axm:monitor" }, 7]) deliver(message);

  caller.notify("note", "ours");
  await caller.call("add", 0, 0);

  expect(notes).toEqual(["ours"]);
});
