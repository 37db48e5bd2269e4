import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Agent } from "undici";
import type { Sandbox } from "../../../src/sandbox/index.js";

/** The files of a sandbox with TLS. */
export function filesOf({ tlsFiles }: Sandbox) {
  if (!tlsFiles) throw new Error("the sandbox has no TLS");
  return tlsFiles;
}

/** A certificate and its key: the consumer's, or one of those that are refused. */
export function clientCredentials(sandbox: Sandbox, refused?: string): { cert: string; key: string } {
  const { clientCert, clientKey, folder } = filesOf(sandbox);
  if (refused === undefined) return { cert: read(clientCert), key: read(clientKey) };
  const path = join(folder, "refused", refused);
  return { cert: read(`${path}.pem`), key: read(`${path}-key.pem`) };
}

/** Connections that trust the sandbox's authority, with or without a client certificate. */
export function trusting(sandbox: Sandbox, credentials: { cert?: string; key?: string } = {}): Agent {
  return new Agent({ connect: { ca: read(filesOf(sandbox).ca), ...credentials } });
}

/** How a server answers a handshake: its suite, or the number of its alert. */
export type Handshake = { readonly suite: number } | { readonly alert: number };

/** Offers only these suites, by number, in a TLS 1.2 handshake of our own: no library offers unknown or broken ones. */
export async function offerSuites(port: number, suites: readonly number[]): Promise<Handshake> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(clientHello(suites));
  const reply = await firstRecord(socket);
  socket.destroy();
  if (reply[0] === 0x15) return { alert: reply[6] ?? -1 };
  // Record 5, handshake header 4, version 2, random 32, then the session id and the suite.
  const sessionId = reply[43] ?? 0;
  return { suite: reply.readUInt16BE(44 + sessionId) };
}

async function firstRecord(socket: Socket): Promise<Buffer> {
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    if (received.length >= 5 && received.length >= 5 + received.readUInt16BE(3)) return received;
  }
  throw new Error("closed without a TLS record");
}

/** RFC 5246, section 7.4.1.2, with the curves, point formats and signature algorithms that the suites need. */
function clientHello(suites: readonly number[]): Buffer {
  const extensions = Buffer.concat([
    extension(0x000a, withLength(numbers([0x001d, 0x0017]))),
    extension(0x000b, Buffer.from([0x01, 0x00])),
    extension(0x000d, withLength(numbers([0x0401, 0x0501, 0x0403, 0x0804]))),
  ]);
  const body = Buffer.concat([
    numbers([0x0303]),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    withLength(numbers(suites)),
    Buffer.from([1, 0]),
    withLength(extensions),
  ]);
  const handshake = Buffer.concat([Buffer.from([0x01, 0x00]), withLength(body)]);
  return Buffer.concat([Buffer.from([0x16, 0x03, 0x01]), withLength(handshake)]);
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([numbers([type]), withLength(content)]);
}

function numbers(values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 0xff])));
}

function withLength(content: Buffer): Buffer {
  return Buffer.concat([numbers([content.length]), content]);
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}
