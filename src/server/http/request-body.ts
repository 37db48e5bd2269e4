import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { FastifyInstance, RequestPayload } from "fastify";
import { HttpRequestError } from "./error-response.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The SHA-256 of the decompressed body as base64url, once it has been read. Only where {@link hashRequestBodies} is on. */
    bodyHash?: () => string;
  }
}

/** The limit of a request body in bytes, before and after decompression. */
export const BODY_LIMIT = 1024 * 1024;

const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["br", createBrotliDecompress],
  ["deflate", createInflate],
]);

/**
 * Decompresses request bodies. Routers may compress what they send to subgraphs. Fastify counts the decompressed bytes
 * against the body limit while they arrive, so a small body cannot expand to a large one.
 */
export function registerRequestBodies(app: FastifyInstance): void {
  app.addHook("preParsing", (request, reply, payload, done) => {
    const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
    if (encoding === "identity" || encoding === "") return done(null, payload);
    const createDecoder = DECODERS.get(encoding);
    if (createDecoder === undefined) {
      const refusal = new HttpRequestError({
        status: 415,
        code: "BAD_USER_INPUT",
        reason: "UNSUPPORTED_CONTENT_ENCODING",
        message: "The request's content encoding is not supported. Send gzip, br, deflate or none.",
        headers: { "accept-encoding": "gzip, br, deflate", connection: "close" },
      });
      return done(refusal);
    }
    const decoder = Object.assign(createDecoder(), { receivedEncodedLength: 0 });
    payload.on("data", (chunk: Buffer) => {
      decoder.receivedEncodedLength += chunk.length;
    });
    payload.on("error", (error) => decoder.destroy(error));
    // A body over the limit is abandoned halfway: without this the decoder would keep its memory.
    reply.raw.once("close", () => decoder.destroy());
    done(null, payload.pipe(decoder));
  });
}

/** Hashes the bodies of requests with this header. Registered after the decompression, whose output it reads. */
export function hashRequestBodies(app: FastifyInstance, header: string): void {
  app.decorateRequest("bodyHash");
  app.addHook("preParsing", async (request, reply, payload) => {
    if (request.headers[header] === undefined) return payload;
    const hash = createHash("sha256");
    const tap = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    // Fastify compares the length as sent with Content-Length.
    const sent: RequestPayload = payload;
    if (sent.receivedEncodedLength !== undefined) {
      Object.defineProperty(tap, "receivedEncodedLength", { get: () => sent.receivedEncodedLength });
    }
    payload.on("error", (error) => tap.destroy(error));
    reply.raw.once("close", () => tap.destroy());
    request.bodyHash = () => hash.copy().digest("base64url");
    return payload.pipe(tap);
  });
}
