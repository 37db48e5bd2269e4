import { Agent, request } from "undici";
import { type Audience, nextOperation, type Random } from "./operations.js";

/** The result of one operation. */
export interface OperationResult {
  readonly audience: Audience;
  readonly operation: string;
  /** From the moment it was due, not from when it was sent, so a late start counts. */
  readonly ms: number;
  /** `ok`, or the code of the first error. */
  readonly outcome: string;
}

export interface Load {
  /** Replaces the listener. Each result goes to the listener at the time when the operation was due. */
  listen(receive: ((result: OperationResult) => void) | undefined): void;
  /** Sends no further operation and waits for those in flight. */
  stop(): Promise<void>;
}

const SESSIONS = 200;
/** The number of operations in a session before a new one replaces it. */
const SESSION_LENGTH = 25;
const RESPONSE_TIMEOUT_MS = 30_000;

/** The share of the full rate at the start. A process without compiled code would only build a queue. */
const MIN_SHARE = 0.1;

export interface LoadOptions {
  readonly url: string;
  /** The mean rate after the ramp. */
  readonly perSecond: number;
  readonly rampMs: number;
  readonly random: Random;
  /** The prefix of its session names. */
  readonly name: string;
}

/**
 * Sends operations at a steady mean rate with random intervals, whether or not earlier ones have ended, like
 * independent users.
 */
export function startLoad({ url, perSecond, rampMs, random, name }: LoadOptions): Load {
  const agent = new Agent({
    connections: 256,
    pipelining: 1,
    headersTimeout: RESPONSE_TIMEOUT_MS,
    bodyTimeout: RESPONSE_TIMEOUT_MS,
  });
  const inFlight = new Set<Promise<void>>();
  let receive: ((result: OperationResult) => void) | undefined;
  let sessions = 0;
  const open = Array.from({ length: SESSIONS }, () => ({ id: "", left: 0 }));
  const begunAt = performance.now();
  let due = begunAt;

  const sessionFor = (): string => {
    const session = open[Math.floor(random() * SESSIONS)];
    if (!session) throw new RangeError("no such session");
    if (session.left === 0) Object.assign(session, { id: `${name}-${++sessions}`, left: SESSION_LENGTH });
    session.left -= 1;
    return session.id;
  };

  const run = async (at: number, notify: typeof receive) => {
    const { audience, name: operation, query, variables } = nextOperation(random);
    const outcome = await sendOperation(url, agent, { query, variables }, sessionFor());
    notify?.({ audience, operation, ms: performance.now() - at, outcome });
  };

  const timer = setInterval(() => {
    while (due <= performance.now()) {
      const running = run(due, receive);
      inFlight.add(running);
      void running.finally(() => inFlight.delete(running));
      const grown = Math.min(1, MIN_SHARE + (due - begunAt) / rampMs);
      due += (-Math.log(1 - random()) * 1000) / (perSecond * grown);
    }
  }, 1);

  return {
    listen(listener) {
      receive = listener;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(inFlight);
      await agent.close();
    },
  };
}

async function sendOperation(url: string, dispatcher: Agent, body: object, session: string): Promise<string> {
  try {
    const response = await request(url, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json", "spine-session": session },
      body: JSON.stringify(body),
    });
    const { errors } = (await response.body.json()) as GraphqlResponse;
    return errors?.[0] ? (errors[0].extensions?.code ?? "ERROR") : "ok";
  } catch {
    return "NO_RESPONSE";
  }
}

interface GraphqlResponse {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}
