import { createSecureContext } from "node:tls";
import { buildConnector } from "undici";
import type { TlsMaterial, TlsSource } from "./tls-source.js";

/**
 * The other side was reached, and no secure connection came about: wrong certificate, authority, host, suite, or the
 * other side hung up in the middle. Nothing of any request has left.
 */
export class HandshakeFailure extends Error {
  override readonly name = "HandshakeFailure";

  constructor(readonly code: string) {
    super(`no secure connection: ${code}`);
  }
}

export interface ConnectorOptions {
  readonly timeoutMs: number;
  /** Left out: no certificate of ours, and the authorities that Node knows. */
  readonly tls?: Pick<TlsSource, "current"> | undefined;
}

/** Failures to get as far as a handshake; the names of Node and of undici. */
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

/** How undici makes each new connection: with the TLS files as they are now, and failures told apart. */
export function createConnector({ timeoutMs, tls }: ConnectorOptions): buildConnector.connector {
  const plain = buildConnector({ timeout: timeoutMs });
  let latest: { readonly material: TlsMaterial; readonly connect: buildConnector.connector } | undefined;
  const secure = (): buildConnector.connector => {
    if (tls === undefined) return plain;
    const material = tls.current();
    if (latest?.material !== material) {
      // A new one knows no sessions of old: nothing is resumed that earlier authorities vouched for.
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
      else callback(asHandshakeFailure(error), null);
    });
  };
}

function asHandshakeFailure(error: Error): Error {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const connecting = "syscall" in error && error.syscall === "connect";
  // A list of errors means that several addresses were tried, and none answered.
  return connecting || "errors" in error || BEFORE_HANDSHAKE.has(code) ? error : new HandshakeFailure(code);
}
