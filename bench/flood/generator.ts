import { connect, type Socket } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** A load that does not wait for responses. */
export interface FloodPlan {
  readonly port: number;
  readonly seconds: number;
  /** Requests a second, evenly spaced. */
  readonly perSecond: number;
  /** Connections opened before the first request. */
  readonly connections: number;
  /** Opens more when all are busy, up to this many. */
  readonly maxConnections: number;
  /** Starts the names of its sessions, so that each request has a new one. */
  readonly name: string;
  readonly patients: readonly string[];
}

/** What a generator saw. Times are in milliseconds from when the request was due, unless stated otherwise. */
export interface FloodResult {
  readonly admittedMs: readonly number[];
  /** 503 with `Retry-After`. */
  readonly refusedMs: readonly number[];
  /** The same from the write of the request. */
  readonly refusedFromWriteMs: readonly number[];
  /** Any other status, with its count. */
  readonly others: Readonly<Record<string, number>>;
  /** Requests whose connection the server closed, or that could not be opened. */
  readonly closed: number;
  /** Requests without a free connection below the limit: the generator did not send them. */
  readonly unsent: number;
  /** Requests without a response when the generator ended. */
  readonly open: number;
  /** How late requests were written. */
  readonly latenessMs: readonly number[];
  readonly mostConnections: number;
  /** The generator's own event loop. */
  readonly loopDelayP99Ms: number;
  readonly cpuSeconds: number;
}

const QUERY = "query Read($nhs: ID!) { patient(nhsNumber: $nhs) { name { display } dateOfBirth } }";
const END_WAIT_MS = 25_000;
const CONNECT_WAIT_MS = 15_000;

/** Bare sockets with one request at a time: an HTTP client would cost more than the server that refuses. */
class Connection {
  readonly socket: Socket;
  #received = "";
  #done: ((status: number, hasRetryAfter: boolean) => void) | undefined;

  constructor(
    port: number,
    private readonly onFree: (connection: Connection) => void,
    private readonly onGone: (connection: Connection, wasBusy: boolean) => void,
  ) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true }).setEncoding("latin1");
    this.socket.on("connect", () => this.onFree(this));
    this.socket.on("data", (chunk: string) => this.#read(chunk));
    this.socket.on("error", () => {});
    this.socket.on("close", () => this.onGone(this, this.#done !== undefined));
  }

  send(text: string, done: (status: number, hasRetryAfter: boolean) => void): void {
    this.#received = "";
    this.#done = done;
    this.socket.write(text);
  }

  #read(chunk: string): void {
    this.#received += chunk;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#received.slice(0, end).toLowerCase();
    const length = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1]);
    if (this.#received.length < end + 4 + length) return;
    const done = this.#done;
    this.#done = undefined;
    done?.(Number(head.slice(9, 12)), head.includes("\r\nretry-after: "));
    if (head.includes("\r\nconnection: close")) this.socket.destroy();
    else this.onFree(this);
  }
}

/** Sends the requests of a plan at the times when they are due. */
export async function flood(plan: FloodPlan): Promise<FloodResult> {
  const free: Connection[] = [];
  const all = new Set<Connection>();
  const admittedMs: number[] = [];
  const refusedMs: number[] = [];
  const refusedFromWriteMs: number[] = [];
  const latenessMs: number[] = [];
  const others: Record<string, number> = {};
  const waiting: ((connection: Connection) => void)[] = [];
  const totals = { closed: 0, unsent: 0, open: 0, mostConnections: 0 };

  const release = (connection: Connection) => {
    const next = waiting.shift();
    if (next) next(connection);
    else free.push(connection);
  };
  const drop = (connection: Connection, wasBusy: boolean) => {
    all.delete(connection);
    const at = free.indexOf(connection);
    if (at >= 0) free.splice(at, 1);
    if (!wasBusy) return;
    totals.closed += 1;
    totals.open -= 1;
  };
  const open = () => {
    all.add(new Connection(plan.port, release, drop));
    totals.mostConnections = Math.max(totals.mostConnections, all.size);
  };

  for (let opened = 0; opened < plan.connections; opened += 1) open();
  const connectBy = performance.now() + CONNECT_WAIT_MS;
  // The server closes those beyond its limit, so this waits for the end of all attempts.
  while ([...all].some(({ socket }) => socket.connecting) && performance.now() < connectBy) await pause(20);

  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const cpu = process.cpuUsage();
  const begunAt = performance.now();
  const sendOn = (connection: Connection, number: number, due: number) => {
    const sentAt = performance.now();
    latenessMs.push(sentAt - due);
    totals.open += 1;
    connection.send(toRequest(plan, number), (status, hasRetryAfter) => {
      const now = performance.now();
      totals.open -= 1;
      if (status === 200) admittedMs.push(now - due);
      else if (status === 503 && hasRetryAfter) {
        refusedMs.push(now - due);
        refusedFromWriteMs.push(now - sentAt);
      } else others[status] = (others[status] ?? 0) + 1;
    });
  };
  const total = Math.floor(plan.seconds * plan.perSecond);
  let number = 0;
  while (number < total) {
    for (let due: number; number < total; number += 1) {
      due = begunAt + (number * 1_000) / plan.perSecond;
      if (due > performance.now()) break;
      // The one that has been idle longest: the server closes connections that never send.
      const connection = free.shift();
      const [own, dueAt] = [number, due];
      if (connection) sendOn(connection, own, dueAt);
      else if (all.size < plan.maxConnections) {
        waiting.push((opened) => sendOn(opened, own, dueAt));
        open();
      } else totals.unsent += 1;
    }
    await pause(1);
  }
  const spent = process.cpuUsage(cpu);
  const endBy = performance.now() + END_WAIT_MS;
  while (totals.open > 0 && performance.now() < endBy) await pause(20);
  const { closed, unsent, open: left, mostConnections } = totals;
  for (const { socket } of all) socket.destroy();
  return {
    ...{ admittedMs, refusedMs, refusedFromWriteMs, others, latenessMs, mostConnections },
    ...{ closed, open: left, unsent: unsent + waiting.length },
    loopDelayP99Ms: delay.percentile(99) / 1e6,
    cpuSeconds: (spent.user + spent.system) / 1e6,
  };
}

/** Sends as much as so many clients can, each its next request after the last response. @returns responses a second. */
export async function measureCapacity(
  plan: Omit<FloodPlan, "perSecond" | "maxConnections">,
): Promise<number> {
  let answered = 0;
  let number = 0;
  const endAt = performance.now() + plan.seconds * 1_000;
  await Promise.all(
    Array.from({ length: plan.connections }, () => {
      return new Promise<void>((resolve) => {
        const next = (connection: Connection) => {
          if (performance.now() >= endAt) return void connection.socket.destroy();
          number += 1;
          connection.send(toRequest(plan, number), (status) => {
            if (status === 200) answered += 1;
          });
        };
        new Connection(plan.port, next, () => resolve());
      });
    }),
  );
  return answered / plan.seconds;
}

function toRequest({ name, patients }: Pick<FloodPlan, "name" | "patients">, number: number): string {
  const nhs = patients[number % patients.length];
  const body = JSON.stringify({ query: QUERY, variables: { nhs } });
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nspine-session: ${name}-${number}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
