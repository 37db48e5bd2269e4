import { createSecureContext } from "node:tls";
import { buildConnector } from "undici";
import type { TlsMaterial, TlsSource } from "./tls-source.js";

/**
 * The other side was reached, but no secure connection was established: wrong certificate, authority, host or cipher
 * suite, or the other side closed the connection. Nothing of any request was sent.
 */
export class HandshakeFailure extends Error {
  override readonly name = "HandshakeFailure";

  constructor(readonly code: string) {
    super(`no secure connection: ${code}`);
  }
}

export interface ConnectorOptions {
  readonly timeoutMs: number;
  /** Left out: no client certificate, and the authorities that Node knows. */
  readonly tls?: Pick<TlsSource, "current"> | undefined;
}

/** Failures before the handshake, by the codes of Node and undici. */
const BEFORE_HANDSHAKE = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_DESTROYED",
  "UND_ERR_CLOSED",
]);

/** Opens each new connection of undici with the current TLS files, and distinguishes the failures. */
export function createConnector({ timeoutMs, tls }: ConnectorOptions): buildConnector.connector {
  const plain = buildConnector({ timeout: timeoutMs });
  let latest: { readonly material: TlsMaterial; readonly connect: buildConnector.connector } | undefined;
  const secure = (): buildConnector.connector => {
    if (tls === undefined) return plain;
    const material = tls.current();
    if (latest?.material !== material) {
      // A new connector has no TLS sessions, so none is resumed that earlier authorities had approved.
      const connect = buildConnector({ timeout: timeoutMs, secureContext: createSecureContext(material) });
      latest = { material, connect };
    }
    return latest.connect;
  };
  return (options, callback) => {
    if (options.protocol !== "https:") {
      plain(options, callback);
      return;
    }
    secure()(options, (...[error, socket]) => {
      if (error === null) callback(null, socket);
      else callback(toConnectError(error), null);
    });
  };
}

function toConnectError(error: Error): Error {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const connecting = "syscall" in error && error.syscall === "connect";
  // A list of errors means that several addresses were tried without success.
  return connecting || "errors" in error || BEFORE_HANDSHAKE.has(code) ? error : new HandshakeFailure(code);
}
