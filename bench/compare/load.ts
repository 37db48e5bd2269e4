import { setTimeout as pause } from "node:timers/promises";
import { LoadConnection } from "./load-connection.js";

/** A request as the generator sends it. */
export interface LoadRequest {
  /** JSON. {@link SEQUENCE} in it becomes a number that no other request has. */
  readonly body: string;
  readonly session?: string;
  /** The header `traceparent`. */
  readonly traceParent?: string | undefined;
}

/** Twelve characters, replaced by twelve digits. */
export const SEQUENCE = "%%SEQUENCE%%";

export interface LoadPlan {
  readonly port: number;
  readonly path: string;
  /** Sent in turn, again from the first after the last. */
  readonly requests: readonly LoadRequest[];
  readonly firstRequest: number;
  readonly connections: number;
  readonly seconds: number;
  /** Connections are opened over this time. Default: all at once. */
  readonly openSeconds?: number;
  /** Ends earlier after so many requests. */
  readonly maxRequests?: number;
  /** Open loop: requests are due at even intervals, whether or not earlier responses have arrived. Else closed loop. */
  readonly perSecond?: number;
}

export interface LoadResult {
  readonly responses: number;
  /** Other statuses than 200, responses with errors, requests without a response. */
  readonly failures: number;
  /** The same by kind, such as `503 RATE_LIMITED OVERLOADED`. */
  readonly failureKinds: Readonly<Record<string, number>>;
  /** Responses by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** From the write of the request, or in an open loop from when it was due. */
  readonly ms: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
}

/** Sends the load of a plan and waits for the last response. */
export async function sendLoad(plan: LoadPlan): Promise<LoadResult> {
  const times: number[] = [];
  let failures = 0;
  const failureKinds: Record<string, number> = {};
  const statuses: Record<string, number> = {};
  let sent = 0;
  let pending = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const begunAt = performance.now();
  const endAt = begunAt + plan.seconds * 1000;
  const bytes = plan.requests.map((request) => toBytes(plan.path, request));
  const free: LoadConnection[] = [];
  const due: number[] = [];
  const isOver = () => performance.now() >= endAt || sent >= (plan.maxRequests ?? Number.POSITIVE_INFINITY);

  const send = (connection: LoadConnection, from: number) => {
    const index = plan.firstRequest + sent;
    sent += 1;
    pending += 1;
    connection.send(
      numbered(bytes[index % bytes.length] ?? Buffer.alloc(0), index),
      ({ status, failure }) => {
        pending -= 1;
        if (status !== undefined) {
          times.push(performance.now() - from);
          statuses[status] = (statuses[status] ?? 0) + 1;
        }
        if (failure !== undefined) {
          failures += 1;
          failureKinds[failure] = (failureKinds[failure] ?? 0) + 1;
        }
        next(connection);
      },
    );
  };
  const next = (connection: LoadConnection) => {
    if (plan.perSecond === undefined) {
      if (!isOver()) {
        send(connection, performance.now());
        return;
      }
    } else {
      const at = due.shift();
      if (at !== undefined) {
        send(connection, at);
        return;
      }
      free.push(connection);
    }
    if (pending === 0 && isOver()) finish();
  };
  const connections: LoadConnection[] = [];
  for (let opened = 0; opened < plan.connections; opened += 1) {
    const openAt = begunAt + ((plan.openSeconds ?? 0) * 1000 * opened) / plan.connections;
    while (performance.now() < openAt) await pause(1);
    const connection = new LoadConnection(plan.port);
    connections.push(connection);
    next(connection);
  }
  if (plan.perSecond !== undefined) await schedule(plan.perSecond, begunAt, endAt, due, free, send);
  if (pending > 0) await finished;
  for (const connection of connections) connection.close();
  return {
    responses: times.length,
    failures,
    failureKinds,
    statuses,
    seconds: (performance.now() - begunAt) / 1000,
    ms: summary(times),
  };
}

/** Puts requests into the queue when they are due. */
async function schedule(
  perSecond: number,
  begunAt: number,
  endAt: number,
  due: number[],
  free: LoadConnection[],
  send: (connection: LoadConnection, from: number) => void,
): Promise<void> {
  let number = 0;
  while (performance.now() < endAt) {
    for (let at = begunAt; at <= performance.now(); number += 1) {
      at = begunAt + (number * 1000) / perSecond;
      if (at > performance.now()) break;
      const connection = free.shift();
      if (connection === undefined) due.push(at);
      else send(connection, at);
    }
    await pause(1);
  }
}

/** The failures by kind, the most frequent first: `12 (503 RATE_LIMITED OVERLOADED: 10, 200 …: 2)`. */
export function describeFailures({
  failures,
  failureKinds,
}: Pick<LoadResult, "failures" | "failureKinds">): string {
  const kinds = Object.entries(failureKinds).sort(([, one], [, other]) => other - one);
  return failures === 0
    ? "0"
    : `${failures} (${kinds.map(([kind, count]) => `${kind}: ${count}`).join(", ")})`;
}

function toBytes(path: string, { body, session, traceParent }: LoadRequest): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: localhost",
    "content-type: application/json",
    ...(session === undefined ? [] : [`spine-session: ${session}`]),
    ...(traceParent === undefined ? [] : [`traceparent: ${traceParent}`]),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function numbered(bytes: Buffer, index: number): Buffer {
  const at = bytes.indexOf(SEQUENCE);
  if (at < 0) return bytes;
  const copy = Buffer.from(bytes);
  copy.write(String(index).padStart(SEQUENCE.length, "0"), at);
  return copy;
}

function summary(times: number[]): LoadResult["ms"] {
  const sorted = Float64Array.from(times).sort();
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), max: rank(1) };
}
