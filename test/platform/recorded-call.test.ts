import { UpstreamError } from "../../src/platform/errors.js";
import { type CallResult, readWhenDue, upstreamCall } from "../../src/platform/recorded-call.js";
import { yieldToEventLoop } from "../../src/platform/resilience/response-scheduler.js";
import { CallLog } from "../../src/platform/telemetry/call-log.js";
import { TestClock, testContext } from "../support/call-context.js";
import { traffic } from "../unit/traffic-support.js";

const DESCRIPTION = { service: "PDS", interaction: "Patient.read", target: null } as const;
const OK = { status: 200, headers: {}, body: "{}" };

test("a place is another's before the answer that came in by it is read", async () => {
  const order: string[] = [];
  const context = testContext({ traffic: traffic({ services: { PDS: { maxConcurrency: 1 } } }) });
  const call = (name: string) =>
    upstreamCall(context, DESCRIPTION, {}, async () => {
      order.push(`${name} sent`);
      return readWhenDue(OK, () => {
        order.push(`${name} read`);
        return { value: name };
      });
    });

  expect(await Promise.all(["first", "second", "third"].map(call))).toEqual(["first", "second", "third"]);

  const at = (what: string) => order.indexOf(what);
  expect(at("second sent")).toBeLessThan(at("first read"));
  expect(at("third sent")).toBeLessThan(at("second read"));
});

test("what has failed is read at once: whether it is sent again hangs on it", async () => {
  const failed = { ...OK, status: 503 };
  const read = () => ({ value: "why" });

  expect(readWhenDue(failed, read)).toEqual({ value: "why" });
  expect(readWhenDue(OK, read)).toBeInstanceOf(Function);
});

test("a call lasts until its answer is in, however late that is read", async () => {
  const clock = new TestClock();
  const context = testContext({ calls: new CallLog(clock) });
  const answered = upstreamCall(context, DESCRIPTION, {}, async () => {
    clock.advance(30);
    return readWhenDue(OK, (): CallResult<string> => {
      clock.advance(500);
      return { value: "read", httpStatus: 200 };
    });
  });

  expect(await answered).toBe("read");
  expect(context.calls.calls).toEqual([{ ...DESCRIPTION, startedMs: 0, durationMs: 30, outcome: "OK" }]);
  expect(context.events).toMatchObject([{ operation: "PDS Patient.read", outcome: "SUCCEEDED" }]);
});

test.each([
  [
    "an answer that cannot be used",
    new UpstreamError("unusable", { service: "PDS", code: "UPSTREAM_BAD_RESPONSE", retryable: false }),
    "UPSTREAM_BAD_RESPONSE",
  ],
  ["a fault of our own in reading it", new TypeError("ours"), "INTERNAL_SERVER_ERROR"],
])("%s is written down once, and not asked for again", async (_what, fault, outcome) => {
  let sent = 0;
  const context = testContext({ traffic: traffic() });
  const answered = upstreamCall(context, DESCRIPTION, {}, async () => {
    sent += 1;
    return readWhenDue(OK, () => {
      throw fault;
    });
  });

  await expect(answered).rejects.toBe(fault);
  expect(sent).toBe(1);
  expect(context.calls.calls).toMatchObject([{ outcome }]);
  expect(context.events).toMatchObject([{ outcome: "FAILED" }]);
});

test("whoever waits for a turn is given one of the loop's own", async () => {
  let turn = 0;
  let counting = true;
  const count = () => {
    turn += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);

  const turns = await Promise.all([1, 2, 3].map(() => yieldToEventLoop().then(() => turn)));
  counting = false;

  expect(new Set(turns).size).toBe(3);
});

test.each([
  [
    "of several answers that come in together, the first is read at once and the others in turns",
    3,
    [0, 1, 2],
  ],
  ["a single answer is read a turn later, when its connection is free for what follows", 1, [1]],
])("%s", async (_what, calls, expected) => {
  const context = testContext({});
  const readAt: number[] = [];
  let turn = 0;
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const call = () =>
    upstreamCall(context, DESCRIPTION, {}, async () => {
      await arrived;
      return readWhenDue(OK, () => ({ value: readAt.push(turn) }));
    });
  const answered = Promise.all(Array.from({ length: calls }, call));
  await nextTurn();
  await nextTurn();

  arrive();
  const count = () => {
    turn += 1;
    if (readAt.length < calls) setImmediate(count);
  };
  setImmediate(count);
  await answered;

  expect(readAt).toEqual(expected);
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
