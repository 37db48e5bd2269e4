import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import type { Log } from "../../platform/telemetry/log.js";
import { type CallRecord, faultOutcome } from "./ldap-fault.js";
import { MalformedMessage } from "./malformed-message.js";
import {
  type BindRequest,
  encodeEntry,
  encodeResult,
  type LdapMessage,
  type LdapResult,
  messageLength,
  parseMessage,
  RESPONSE_TAG,
  type SearchRequest,
} from "./messages.js";
import { type EntrySource, search } from "./search.js";

/** The longest message that OpenLDAP accepts from an anonymous client, in bytes. */
const LONGEST_MESSAGE = 262_143;

const LOOPBACK = "127.0.0.1";

/** Mutual TLS of the server. */
export interface LdapServerTls {
  /** With `requestCert` and `rejectUnauthorized`: no connection without a valid client certificate. */
  readonly options: TlsOptions;
  /** Why the certificate of a client is refused although it is valid. Undefined: it is accepted. */
  refusalOf(socket: TLSSocket): string | undefined;
}

/** Settings of the server. */
export interface LdapServerOptions {
  readonly source: EntrySource;
  /** Records a search and says which fault applies to it. */
  readonly record: (request: SearchRequest) => CallRecord;
  /** A free port for 0. */
  readonly port: number;
  readonly bind: "loopback" | "all";
  /** `ldaps` instead of `ldap`. */
  readonly tls?: LdapServerTls | undefined;
  readonly log?: Log | undefined;
}

/**
 * A read-only directory server (LDAP version 3, RFC 4511). It simulates the anonymous bind, searches, abandon and unbind.
 * Everything else gets an honest refusal and a log line.
 */
export class LdapServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly options: LdapServerOptions) {
    const { tls } = options;
    this.#server = tls
      ? createTlsServer(tls.options, (socket) => this.#acceptTls(socket, tls))
      : createServer((socket) => this.#accept(socket));
    // A client that fails the handshake. Its connection has been closed already.
    this.#server.on("tlsClientError", (error: Error) => {
      options.log?.debug({ reason: error.message }, "sandbox refused a TLS handshake");
    });
  }

  /** Listens. Rejects when the port is taken. */
  static async listen(options: LdapServerOptions): Promise<LdapServer> {
    const server = new LdapServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen(options.port, options.bind === "all" ? undefined : LOOPBACK, resolve);
    });
    return server;
  }

  /** `ldap://127.0.0.1:…`, or `ldaps://…` with TLS. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.options.tls ? "ldaps" : "ldap"}://${LOOPBACK}:${port}`;
  }

  /** Closes all connections. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    return closed;
  }

  #acceptTls(socket: TLSSocket, tls: LdapServerTls): void {
    const reason = tls.refusalOf(socket);
    if (reason === undefined) this.#accept(socket);
    else {
      this.options.log?.warn({ service: "SDS", reason }, "sandbox refused a client certificate");
      socket.destroy();
    }
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined);
    let unread: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      unread = Buffer.concat([unread, chunk]);
      try {
        for (;;) {
          const length = messageLength(unread);
          if (length === undefined) break;
          if (length > LONGEST_MESSAGE) throw new MalformedMessage("the message is too long");
          if (unread.length < length) break;
          this.#receive(socket, parseMessage(unread.subarray(0, length)));
          unread = unread.subarray(length);
        }
      } catch (error) {
        if (!(error instanceof MalformedMessage)) throw error;
        this.options.log?.warn({ service: "SDS", reason: error.message }, "sandbox received no LDAP message");
        socket.destroy();
      }
    });
  }

  #receive(socket: Socket, { id, request, hasCriticalControl }: LdapMessage): void {
    if (request.kind === "unbind") socket.end();
    else if (request.kind === "bind") socket.write(encodeResult(id, RESPONSE_TAG.bind, bindResult(request)));
    else if (request.kind === "other") {
      socket.write(encodeResult(id, request.responseTag, this.#refuse(`the operation ${request.operation}`)));
    } else if (request.kind === "search" && hasCriticalControl) {
      const refusal = this.#refuse("the control of the search");
      socket.write(
        encodeResult(id, RESPONSE_TAG.done, { ...refusal, result: "unavailableCriticalExtension" }),
      );
    } else if (request.kind === "search") void this.#search(socket, id, request);
  }

  #refuse(what: string): LdapResult {
    this.options.log?.warn({ service: "SDS" }, "the sandbox does not simulate this operation");
    return { result: "unwillingToPerform", diagnostics: `The sandbox does not simulate ${what}` };
  }

  async #search(socket: Socket, id: number, request: SearchRequest): Promise<void> {
    const record = this.options.record(request);
    try {
      const fault = await faultOutcome(record);
      if (fault === "reset") socket.resetAndDestroy();
      if (typeof fault === "string") return;
      const { entries, outcome } = fault
        ? { entries: [], outcome: fault }
        : search(request, this.options.source);
      for (const entry of entries) socket.write(encodeEntry(id, entry));
      record.finish(outcome);
      socket.write(encodeResult(id, RESPONSE_TAG.done, outcome));
    } catch (error) {
      // The sandbox closes while a search is delayed.
      this.options.log?.debug({ reason: (error as Error).message }, "sandbox gave up a search");
    }
  }
}

/** Only the anonymous bind of version 3 succeeds: real clients authenticate by their certificate (SDS notes, section 3). */
function bindResult({ version, isSimple, isAnonymous }: BindRequest): LdapResult {
  if (version !== 3) return { result: "protocolError", diagnostics: "Only version 3 is simulated" };
  if (!isSimple)
    return { result: "authMethodNotSupported", diagnostics: "Only anonymous binds are simulated" };
  return { result: isAnonymous ? "success" : "invalidCredentials" };
}
