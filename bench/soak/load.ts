import { Agent, request } from "undici";
import { type Audience, nextOperation, type Random } from "./operations.js";

/** How one operation went. */
export interface Shot {
  readonly audience: Audience;
  readonly operation: string;
  /** From the moment it was due, not from when it was sent: a late start counts. */
  readonly ms: number;
  /** `ok`, or the code of the first error. */
  readonly outcome: string;
}

export interface Load {
  /** Goes on at the same rate; each shot is given to whoever listened when it was due, or to nobody. */
  listen(receive: ((shot: Shot) => void) | undefined): void;
  /** Sends nothing more and waits for what is under way. */
  stop(): Promise<void>;
}

const SESSIONS = 200;
/** Operations in one session before it gives way to a new one. */
const SESSION_LENGTH = 25;
const ANSWER_MS = 30_000;

/** Of the full rate at the start: a process that has compiled nothing yet would only heap up a queue. */
const LEAST_SHARE = 0.1;

export interface LoadOptions {
  readonly url: string;
  /** Mean rate, once it has grown to the full. */
  readonly perSecond: number;
  readonly rampMs: number;
  readonly random: Random;
  /** Sets its sessions apart. */
  readonly name: string;
}

/**
 * Sends operations at a steady mean rate with random gaps, whether or not the ones before have been answered, as
 * independent users do.
 */
export function startLoad({ url, perSecond, rampMs, random, name }: LoadOptions): Load {
  const agent = new Agent({
    connections: 256,
    pipelining: 1,
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
  });
  const underWay = new Set<Promise<void>>();
  let receive: ((shot: Shot) => void) | undefined;
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

  const shoot = async (at: number, tell: typeof receive) => {
    const { audience, name: operation, query, variables } = nextOperation(random);
    const outcome = await ask(url, agent, { query, variables }, sessionFor());
    tell?.({ audience, operation, ms: performance.now() - at, outcome });
  };

  const timer = setInterval(() => {
    while (due <= performance.now()) {
      const shot = shoot(due, receive);
      underWay.add(shot);
      void shot.finally(() => underWay.delete(shot));
      const grown = Math.min(1, LEAST_SHARE + (due - begunAt) / rampMs);
      due += (-Math.log(1 - random()) * 1000) / (perSecond * grown);
    }
  }, 1);

  return {
    listen(listener) {
      receive = listener;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      await agent.close();
    },
  };
}

async function ask(url: string, dispatcher: Agent, body: object, session: string): Promise<string> {
  try {
    const answer = await request(url, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json", "spine-session": session },
      body: JSON.stringify(body),
    });
    const { errors } = (await answer.body.json()) as Answer;
    return errors?.[0] ? (errors[0].extensions?.code ?? "ERROR") : "ok";
  } catch {
    return "NO_ANSWER";
  }
}

interface Answer {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}
