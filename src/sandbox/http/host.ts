import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { TLSSocket, type TlsOptions } from "node:tls";
import type { Log } from "../../platform/telemetry/log.js";
import { type CertificateRefusal, checkClientCertificate } from "../tls/server-tls.js";
import { drawDelay, type FaultRegistry, type FaultResponse, type ServiceName } from "./faults.js";
import { Holds } from "./holds.js";
import { compress, createRequestBody, send, toHead } from "./http-messages.js";
import { type Described, RequestLog } from "./request-log.js";
import {
  type ReceivedRequest,
  Refused,
  type RequestBody,
  type RequestHandler,
  type RequestHead,
  type RequestRefusal,
  refusalOf,
  type Service,
  type SimulatedResponse,
} from "./service.js";

const LOOPBACK = "127.0.0.1";

/** Selects the service for a request target, and the target that the service sees. Undefined: 404. */
export type Route = (path: string) => RouteTarget | undefined;

/** Where a request goes. */
export type RouteTarget =
  | { readonly service: Service; readonly path: string }
  | { readonly control: RequestHandler; readonly path: string };

/** An open port. */
export interface Listener {
  readonly origin: string;
  serve(route: Route): void;
}

/** TLS of all ports. */
export interface HostTls {
  readonly server: TlsOptions;
  /** The host that a client certificate must name, by service. Other services need no certificate. */
  readonly clientHosts: Readonly<Partial<Record<ServiceName, string>>>;
}

/** A recorded request that has no response yet. */
export interface OpenRequest {
  readonly request: ReceivedRequest;
  /** Records the response. Without a call the client is still waiting, or its connection was reset. */
  finish(status: number, refusal: RequestRefusal | undefined): void;
}

/** Listens on loopback for all services. It records requests, applies faults, sends responses and closes connections. */
export class Host {
  readonly holds = new Holds();
  readonly #log: RequestLog;
  readonly #servers: Server[] = [];
  readonly #ending = new AbortController();

  constructor(
    clock: { now(): number },
    readonly faults: FaultRegistry,
    readonly log: Log | undefined,
    readonly bind: "loopback" | "all" = "loopback",
    readonly tls?: HostTls,
  ) {
    this.#log = new RequestLog(clock, faults);
  }

  get requests(): ReceivedRequest[] {
    return this.#log.requests;
  }

  /** Opens a port, a free one for 0. Requests are processed after `serve` has set the routes. */
  async listen(port = 0): Promise<Listener> {
    const server = this.tls ? createTlsServer(this.tls.server) : createServer();
    server.on("tlsClientError", ({ message }: Error) => {
      this.log?.warn({ reason: message }, "sandbox refused a TLS handshake");
    });
    // Keep idle connections open: a keep-alive timeout could close one just as the next request arrives.
    server.keepAliveTimeout = 0;
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, this.bind === "all" ? undefined : LOOPBACK, resolve);
    });
    const { port: actual } = server.address() as AddressInfo;
    return {
      origin: `${this.tls ? "https" : "http"}://${LOOPBACK}:${actual}`,
      serve: (route) => {
        server.on("request", (incoming, outgoing) => void this.#receive(route, incoming, outgoing));
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

  async #receive(route: Route, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const target = route(incoming.url ?? "/");
    if (!target) return send(outgoing, { status: 404 });
    if ("control" in target) return this.#respond(target, incoming, outgoing);
    const { service } = target;
    const head = toHead(incoming, target.path);
    const startedAt = performance.now();
    const refused = this.#refusedCertificate(service.name, incoming);
    const refusal = refused && { code: String(refused.status), diagnostics: refused.reason };
    const entry = this.#log.open(service.name, head, service.describe(head), refusal);
    const body = createRequestBody(incoming, (text) => this.#log.keepBody(entry, text));
    // A caller may leave before there is a response. A fault may keep it waiting for ever.
    outgoing.once("close", () => {
      entry.durationMs ??= Math.round(performance.now() - startedAt);
    });
    const finish = (result: SimulatedResponse | "reset") => {
      entry.durationMs = Math.round(performance.now() - startedAt);
      if (result === "reset") return void incoming.socket.resetAndDestroy();
      entry.status = result.status;
      entry.refusal ??= refusalOf(result);
      send(outgoing, service.compresses ? compress(result, head) : result);
      const { interaction, odsCode, status } = entry;
      this.log?.debug({ service: service.name, interaction, odsCode, status }, "sandbox responded");
    };
    if (refused) return finish(toHtml(refused));
    try {
      await this.#process(service, entry, body, finish);
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      this.log?.error({ service: service.name, reason: (error as Error).message }, "sandbox failed");
      finish({ status: 500 });
    }
  }

  /** Requests to the control API are neither recorded nor subject to faults. */
  async #respond(
    { control, path }: { control: RequestHandler; path: string },
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const respond = async () =>
      control.respond(
        toHead(incoming, path),
        createRequestBody(incoming, () => undefined),
      );
    send(outgoing, await respond().catch(toRefusal));
  }

  /** Applies the fault of the request, if any, and processes it. Without a call of `finish` the caller waits forever. */
  async #process(
    service: Service,
    request: ReceivedRequest,
    body: RequestBody,
    finish: (result: SimulatedResponse | "reset") => void,
  ): Promise<void> {
    const { fault } = request;
    if (fault === "hang") return;
    if (fault === "reset") return finish("reset");
    if (fault === "reset-after-commit") {
      await this.#run(service, request, body);
      return finish("reset");
    }
    if (fault === undefined) return finish(await this.#run(service, request, body));
    if ("delayMs" in fault) {
      await this.pause(drawDelay(fault.delayMs));
      return finish(await this.#run(service, request, body));
    }
    if ("afterCommit" in fault) {
      await this.#run(service, request, body);
      if (fault.afterCommit !== "hang") finish(toResult(fault.afterCommit));
      return;
    }
    if ("lateCommit" in fault) {
      const { response, delayMs = 0 } = fault.lateCommit;
      await body.text();
      if (response !== "hang") finish(toResult(response));
      const lateMs = drawDelay(delayMs);
      if (lateMs > 0) await this.pause(lateMs);
      await this.#run(service, request, body);
      return;
    }
    finish(toResult(fault));
  }

  async #run(service: Service, request: ReceivedRequest, body: RequestBody): Promise<SimulatedResponse> {
    await this.holds.pass(request, "processing");
    try {
      return await service.respond(request, body);
    } catch (error) {
      return toRefusal(error);
    }
  }

  /** Records a request of a protocol other than HTTP, and takes the fault that applies to it. */
  receive(service: ServiceName, head: RequestHead, described: Described): OpenRequest {
    const startedAt = performance.now();
    const entry = this.#log.open(service, head, described);
    return {
      request: entry,
      finish: (status, refusal) => {
        entry.durationMs = Math.round(performance.now() - startedAt);
        entry.status = status;
        entry.refusal = refusal;
        this.log?.debug({ service, ...described, status }, "sandbox responded");
      },
    };
  }

  /** Discards the recorded requests. */
  clearRequests(): void {
    this.#log.clear();
  }

  /** Before anything else: a proxy refuses a certificate before it sees a request. */
  #refusedCertificate(service: ServiceName, { socket }: IncomingMessage): CertificateRefusal | undefined {
    const host = this.tls?.clientHosts[service];
    return host === undefined || !(socket instanceof TLSSocket)
      ? undefined
      : checkClientCertificate(socket, host);
  }
}

function toRefusal(error: unknown): SimulatedResponse {
  if (error instanceof Refused) return error.response;
  throw error;
}

/** nginx's page for a client certificate. */
function toHtml({ status, reason }: CertificateRefusal): SimulatedResponse {
  const body = `<html><head><title>${status}</title></head><body>${reason}</body></html>\n`;
  return { status, headers: { "content-type": "text/html" }, body };
}

function toResult(fault: FaultResponse | "reset"): SimulatedResponse | "reset" {
  if (fault === "reset") return fault;
  const contentType = fault.contentType === undefined ? {} : { "content-type": fault.contentType };
  return { status: fault.status, headers: { ...contentType, ...fault.headers }, body: fault.body };
}
