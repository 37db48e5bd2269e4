import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type GraphQLSchema, parse, validate } from "graphql";
import { z } from "zod";
import { ConfigError } from "../platform/config/config.js";
import type { Log } from "../platform/telemetry/log.js";

/** The operations of a persisted-query list. */
export interface PersistedOperations {
  /** The document with this id, or undefined. */
  find(id: string): string | undefined;
  /** True when the text is one of the documents, whatever its id. */
  includes(text: string): boolean;
  /** The names that the list gives its operations. */
  readonly names: ReadonlySet<string>;
}

/** Apollo's persisted-query list, as `generate-persisted-query-manifest` and the Kotlin and iOS clients write it. */
const manifest = z.object({
  format: z.literal("apollo-persisted-query-manifest"),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1), name: z.string() })),
});

/**
 * Reads a persisted-query list. An operation that is not valid against the schema stays in the list, since one outdated
 * client must not stop the server, and is named in the log.
 *
 * @throws ConfigError when the file cannot be read or is no such list.
 */
export function loadPersistedOperations(path: string, schema: GraphQLSchema, log: Log): PersistedOperations {
  const { operations } = readManifest(path);
  for (const { name, body } of operations) {
    if (!isValid(schema, body)) log.warn({ name }, "a persisted operation is not valid against the schema");
  }
  const byId = new Map(operations.map(({ id, body }) => [id, body]));
  const hashes = new Set(operations.map(({ body }) => hash(body)));
  const names = new Set(operations.map(({ name }) => name));
  return { find: (id) => byId.get(id), includes: (text) => hashes.has(hash(text)), names };
}

function readManifest(path: string): z.output<typeof manifest> {
  try {
    return manifest.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new ConfigError([
      "PERSISTED_OPERATIONS_FILE is not a readable Apollo persisted-query list, version 1",
    ]);
  }
}

function isValid(schema: GraphQLSchema, body: string): boolean {
  try {
    return validate(schema, parse(body)).length === 0;
  } catch {
    return false;
  }
}

/** The id that clients give an operation: the SHA-256 of its text, in hexadecimal digits. */
export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
