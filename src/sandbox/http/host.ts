import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline, Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../../platform/telemetry/log.js";
import type { FaultRegistry } from "./faults.js";
import {
  type ReceivedRequest,
  Refused,
  type RequestHead,
  type Service,
  type SimulatedResponse,
} from "./service.js";

/** Bounds memory in long runs such as benchmarks: above this number, the older half of the requests is dropped. */
const MOST_REQUESTS_KEPT = 100_000;

/** Listens on loopback for all services. It records requests, applies faults, sends responses and closes connections. */
export class Host {
  readonly requests: ReceivedRequest[] = [];
  readonly #servers: Server[] = [];
  readonly #ending = new AbortController();

  constructor(
    readonly faults: FaultRegistry,
    readonly log: Log | undefined,
  ) {}

  /** Opens a free port. Requests are processed after `serve` has set the service. */
  async listen(): Promise<{ origin: string; serve(service: Service): void }> {
    const server = createServer();
    // Keep idle connections open: a keep-alive timeout could close one just as the next request arrives.
    server.keepAliveTimeout = 0;
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    return {
      origin: `http://127.0.0.1:${port}`,
      serve: (service) => {
        server.on("request", (incoming, outgoing) => void this.#receive(service, incoming, outgoing));
      },
    };
  }

  /** Closes all sockets and cancels all delays immediately. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  /** Waits. Rejects when the sandbox closes. */
  async pause(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.#ending.signal });
  }

  async #receive(service: Service, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const head = toHead(incoming);
    const entry = {
      service: service.name,
      ...head,
      ...service.describe(head),
      status: undefined as number | undefined,
    };
    this.#record(entry);
    try {
      const response = await this.#process(service, head, incoming, entry);
      if (!response) return void incoming.socket.resetAndDestroy();
      entry.status = response.status;
      send(outgoing, response);
      const { interaction, odsCode, status } = entry;
      this.log?.debug({ service: service.name, interaction, odsCode, status }, "sandbox responded");
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      this.log?.error({ service: service.name, reason: (error as Error).message }, "sandbox failed");
      entry.status = 500;
      send(outgoing, { status: 500 });
    }
  }

  /** The response, or undefined when the connection must be reset. */
  async #process(
    service: Service,
    head: RequestHead,
    incoming: IncomingMessage,
    entry: ReceivedRequest,
  ): Promise<SimulatedResponse | undefined> {
    const fault = this.faults.take(entry);
    if (fault === "reset") return undefined;
    if (fault === "hang") return new Promise<undefined>(() => undefined);
    if (typeof fault === "object" && "status" in fault) return toResponse(fault);
    if (typeof fault === "object") await this.pause(fault.delayMs);
    const response = await responseOf(service, head, incoming);
    return fault === "reset-after-commit" ? undefined : response;
  }

  #record(entry: ReceivedRequest): void {
    this.requests.push(entry);
    if (this.requests.length > MOST_REQUESTS_KEPT) this.requests.splice(0, MOST_REQUESTS_KEPT / 2);
  }
}

async function responseOf(
  service: Service,
  head: RequestHead,
  incoming: IncomingMessage,
): Promise<SimulatedResponse> {
  try {
    return await service.respond(head, incoming);
  } catch (error) {
    if (error instanceof Refused) return error.response;
    throw error;
  }
}

function toHead(incoming: IncomingMessage): RequestHead {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    headers[name] = (values ?? []).join(", ");
  return { method: incoming.method ?? "GET", path: incoming.url ?? "/", headers };
}

function toResponse(fault: {
  status: number;
  body?: string;
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
}): SimulatedResponse {
  const contentType = fault.contentType === undefined ? {} : { "content-type": fault.contentType };
  return { status: fault.status, headers: { ...contentType, ...fault.headers }, body: fault.body };
}

function send(outgoing: ServerResponse, response: SimulatedResponse): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  const { status, headers = {}, body } = response;
  outgoing.writeHead(status, headers);
  // When the stream fails, the connection fails too, as at a real proxy.
  if (body instanceof Readable) pipeline(body, outgoing, () => undefined);
  else outgoing.end(typeof body === "object" ? JSON.stringify(body) : body);
}

/** Reads a request body as UTF-8 text. */
export async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
