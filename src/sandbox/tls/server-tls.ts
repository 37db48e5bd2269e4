import type { TLSSocket, TlsOptions } from "node:tls";
import type { SandboxCredentials } from "./credentials.js";

/**
 * The suites that Spine's consumers must support, in order of preference (assurance notes, 3.3). No other suite connects.
 */
export const CIPHER_SUITES = [
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-SHA384",
  "ECDHE-RSA-AES256-SHA",
  "DHE-RSA-AES256-SHA256",
  "DHE-RSA-AES256-SHA",
] as const;

/**
 * TLS of all ports: version 1.2 and the suites of Spine. Every port asks for a client certificate and accepts connections
 * without one; the services that need one refuse the request.
 */
export function serverTls({ ca, crl, server }: SandboxCredentials): TlsOptions {
  return {
    ca,
    crl,
    ...server,
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.2",
    ciphers: CIPHER_SUITES.join(":"),
    honorCipherOrder: true,
    dhparam: "auto",
    requestCert: true,
    rejectUnauthorized: false,
  };
}

/** Why a client's certificate is refused. */
export interface CertificateRefusal {
  /** nginx's codes: 496 without a certificate, 495 with one that is not accepted. */
  readonly status: 495 | 496;
  readonly reason: string;
}

/** Checks the certificate of a connection. It must be valid, of the sandbox's authority, and name this host. */
export function checkClientCertificate(socket: TLSSocket, host: string): CertificateRefusal | undefined {
  const certificate = socket.getPeerCertificate();
  if (Object.keys(certificate).length === 0) return { status: 496, reason: "no client certificate" };
  if (!socket.authorized) {
    return { status: 495, reason: `client certificate not valid: ${socket.authorizationError}` };
  }
  const { CN: name } = certificate.subject;
  if (name !== host) return { status: 495, reason: "client certificate of another host" };
  return undefined;
}
