import { UpstreamError } from "../../src/platform/errors.js";
import { HttpFailure } from "../../src/platform/http/http-client.js";
import { LdapFailure } from "../../src/platform/ldap/ldap-failure.js";
import { CallBudget } from "../../src/platform/resilience/call-budget.js";
import { yieldToEventLoop } from "../../src/platform/resilience/response-scheduler.js";
import { CallLog } from "../../src/platform/telemetry/call-log.js";
import { upstreamCall } from "../../src/upstreams/upstream-call.js";
import { TestClock, testContext } from "../support/call-context.js";
import { createPipeline } from "../support/pipelines.js";

const DESCRIPTION = { service: "PDS", interaction: "Patient.read", target: null } as const;
const OK = { status: 200, headers: {}, body: "{}" };

test("an attempt gives up its permit before its successful response is read", async () => {
  const order: string[] = [];
  const context = testContext({ resilience: createPipeline({ services: { PDS: { maxConcurrency: 1 } } }) });
  const call = (name: string) =>
    upstreamCall(context, DESCRIPTION, {
      send: async () => {
        order.push(`${name} sent`);
        return OK;
      },
      read: () => {
        order.push(`${name} read`);
        return { value: name };
      },
    });

  expect(await Promise.all(["first", "second", "third"].map(call))).toEqual(["first", "second", "third"]);

  const at = (what: string) => order.indexOf(what);
  expect(at("second sent")).toBeLessThan(at("first read"));
  expect(at("third sent")).toBeLessThan(at("second read"));
});

test("a failed response is read within its attempt, since the decision to retry depends on it", async () => {
  const context = testContext({ resilience: createPipeline({ delays: { firstMs: 0, longestMs: 0 } }) });
  const sentAtRead: number[] = [];
  let sent = 0;
  const response = upstreamCall(context, DESCRIPTION, {
    send: async () => {
      sent += 1;
      return sent === 1 ? { ...OK, status: 503 } : OK;
    },
    read: ({ status }) => {
      sentAtRead.push(sent);
      if (status === 503) {
        const details = { service: "PDS", code: "UPSTREAM_UNAVAILABLE", httpStatus: status } as const;
        throw new UpstreamError("unavailable", { ...details, retryable: true });
      }
      return { value: status };
    },
  });

  expect(await response).toBe(200);
  expect(sentAtRead).toEqual([1, 2]);
  expect(context.calls.calls).toMatchObject([{ outcome: "UPSTREAM_UNAVAILABLE" }, { outcome: "OK" }]);
});

test.each([
  ["read", "rejected"],
  ["reconciling read", "rejected"],
  ["write", "fulfilled"],
] as const)("a %s beyond the call budget of its request is %s", async (purpose, expected) => {
  const context = testContext({ callBudget: new CallBudget(2) });
  const sent: string[] = [];
  const call = (name: string, calledFor: typeof purpose) =>
    upstreamCall(
      context,
      { ...DESCRIPTION, purpose: calledFor },
      {
        send: async () => {
          sent.push(name);
          return OK;
        },
        read: () => ({ value: name }),
      },
    );

  const [, , last] = await Promise.allSettled([
    call("first", "read"),
    call("second", "read"),
    call("third", purpose),
  ]);

  expect(last?.status).toBe(expected);
  const isSent = expected === "fulfilled";
  if (last?.status === "rejected") expect(last.reason).toMatchObject({ reason: "QUERY_TOO_COSTLY" });
  expect(sent).toEqual(isSent ? ["first", "second", "third"] : ["first", "second"]);
  expect(context.events).toHaveLength(sent.length);
});

test("the retries of a call cost its call budget nothing", async () => {
  const resilience = createPipeline({ delays: { firstMs: 0, longestMs: 0 } });
  const context = testContext({ resilience, callBudget: new CallBudget(1) });
  let sent = 0;
  const response = upstreamCall(context, DESCRIPTION, {
    send: async () => {
      sent += 1;
      if (sent === 1) throw new HttpFailure("refused");
      return OK;
    },
    read: ({ status }) => ({ value: status }),
  });

  expect(await response).toBe(200);
  expect(sent).toBe(2);
});

test("a call's duration ends when its response arrives, however late the response is read", async () => {
  const clock = new TestClock();
  const context = testContext({ calls: new CallLog(clock) });
  const response = upstreamCall(context, DESCRIPTION, {
    send: async () => {
      clock.advance(30);
      return OK;
    },
    read: () => {
      clock.advance(500);
      return { value: "read", httpStatus: 200 };
    },
  });

  expect(await response).toBe("read");
  expect(context.calls.calls).toEqual([{ ...DESCRIPTION, startedMs: 0, durationMs: 30, outcome: "OK" }]);
  expect(context.events).toMatchObject([{ operation: "PDS Patient.read", outcome: "SUCCEEDED" }]);
});

test.each([
  [
    "a response that cannot be used",
    new UpstreamError("unusable", { service: "PDS", code: "UPSTREAM_BAD_RESPONSE", retryable: false }),
    "UPSTREAM_BAD_RESPONSE",
  ],
  ["a fault of our own while reading", new TypeError("ours"), "INTERNAL_SERVER_ERROR"],
])("%s is recorded once and is not retried", async (_what, fault, outcome) => {
  let sent = 0;
  const context = testContext({ resilience: createPipeline() });
  const response = upstreamCall(context, DESCRIPTION, {
    send: async () => {
      sent += 1;
      return OK;
    },
    read: () => {
      throw fault;
    },
  });

  await expect(response).rejects.toBe(fault);
  expect(sent).toBe(1);
  expect(context.calls.calls).toMatchObject([{ outcome }]);
  expect(context.events).toMatchObject([{ outcome: "FAILED" }]);
});

test.each([
  ["PDS", new HttpFailure("timeout"), { code: "UPSTREAM_TIMEOUT", service: "PDS", originUnsure: false }],
  ["TOKEN", new HttpFailure("reset"), { code: "UPSTREAM_UNAVAILABLE", service: "PDS", originUnsure: false }],
  ["SDS", new LdapFailure("size-limit"), { code: "UPSTREAM_BAD_RESPONSE", service: "SDS" }],
  ["SSP", new HttpFailure("reset"), { code: "UPSTREAM_UNAVAILABLE", service: "SSP", originUnsure: true }],
  ["SSP", new HttpFailure("refused"), { service: "SSP", originUnsure: false, outcomeUnknown: false }],
  ["SSP", new HttpFailure("too-large"), { code: "UPSTREAM_BAD_RESPONSE", service: "PROVIDER" }],
  ["VM", new HttpFailure("tls"), { code: "UPSTREAM_UNAVAILABLE", service: "VM", retryable: false }],
] as const)(
  "a failed exchange with %s (%s) becomes the error of the right service",
  async (service, failure, expected) => {
    const context = testContext();
    const response = upstreamCall(
      context,
      { ...DESCRIPTION, service },
      { send: () => Promise.reject(failure), read: () => ({ value: "never" }) },
    );

    await expect(response).rejects.toMatchObject({ ...expected, cause: failure });
    expect(context.calls.calls).toHaveLength(1);
  },
);

test.each([
  ["read", true, false],
  ["write", false, true],
  ["reconciling read", false, false],
] as const)(
  "a %s ends with the request: %s; its unclear end is recorded as unknown: %s",
  async (purpose, ends, unknown) => {
    const context = testContext();
    let isEnded = false;
    const response = upstreamCall(
      context,
      { ...DESCRIPTION, purpose },
      {
        send: async ({ signal }) => {
          isEnded = signal === context.signal;
          throw new HttpFailure("timeout");
        },
        read: () => ({ value: "never" }),
      },
    );

    await expect(response).rejects.toBeInstanceOf(UpstreamError);
    expect(isEnded).toBe(ends);
    expect(context.events).toMatchObject([{ outcome: unknown ? "UNKNOWN" : "FAILED" }]);
  },
);

test("everyone who yields gets a turn of the event loop of their own", async () => {
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
    "of several responses that arrive together, the first is read at once and the others in later turns",
    3,
    [0, 1, 2],
  ],
  ["a single response is read a turn later, when its connection is free for the follow-up request", 1, [1]],
])("%s", async (_what, calls, expected) => {
  const context = testContext({});
  const readAt: number[] = [];
  let turn = 0;
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const call = () =>
    upstreamCall(context, DESCRIPTION, {
      send: async () => {
        await arrived;
        return OK;
      },
      read: () => ({ value: readAt.push(turn) }),
    });
  const responses = Promise.all(Array.from({ length: calls }, call));
  await nextTurn();
  await nextTurn();

  arrive();
  const count = () => {
    turn += 1;
    if (readAt.length < calls) setImmediate(count);
  };
  setImmediate(count);
  await responses;

  expect(readAt).toEqual(expected);
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
