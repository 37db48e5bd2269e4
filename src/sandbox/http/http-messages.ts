import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { gzipSync, constants as zlibConstants } from "node:zlib";
import type { RequestBody, RequestHead, SimulatedResponse } from "./service.js";

/** The head of a request as services see it, with the path that they see. */
export function toHead(incoming: IncomingMessage, path: string): RequestHead {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    headers[name] = (values ?? []).join(", ");
  return { method: incoming.method ?? "GET", path, headers };
}

/** Sends a response, unless the client has gone or has one. */
export function send(outgoing: ServerResponse, response: SimulatedResponse): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  const { status, headers = {}, body } = response;
  outgoing.writeHead(status, headers);
  // When the stream fails, the connection fails too, as at a real proxy.
  if (body instanceof Readable) pipeline(body, outgoing, () => undefined);
  else outgoing.end(typeof body === "object" && !Buffer.isBuffer(body) ? JSON.stringify(body) : body);
}

/** Compresses text bodies when the consumer accepts gzip. The fastest level costs less than it saves on large bundles. */
export function compress(response: SimulatedResponse, { headers }: RequestHead): SimulatedResponse {
  const { body } = response;
  if (body === undefined || body instanceof Readable || Buffer.isBuffer(body)) return response;
  if (!/\bgzip\b/.test(headers["accept-encoding"] ?? "")) return response;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    ...response,
    headers: { ...response.headers, "content-encoding": "gzip", vary: "accept-encoding" },
    body: gzipSync(text, { level: zlibConstants.Z_BEST_SPEED }),
  };
}

/** The body of a request, read when it is needed. */
export function createRequestBody(stream: IncomingMessage, onText: (text: string) => void): RequestBody {
  let text: Promise<string> | undefined;
  return {
    stream,
    text: () => {
      text ??= readText(stream, onText);
      return text;
    },
  };
}

async function readText(stream: IncomingMessage, onText: (text: string) => void): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  onText(text);
  return text;
}
