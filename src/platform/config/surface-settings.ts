import { z } from "zod";
import { file } from "./setting-fields.js";

/** Which parts of the HTTP surface are open, and where. Without a value, a part is open in the sandbox only. */
export const surfaceSettings = {
  /** The page at `/`. */
  EXPLORER: z.stringbool().optional(),
  /** Introspection, `_service` and suggestions in messages. */
  INTROSPECTION: z.stringbool().optional(),
  /** Queries by `GET /graphql`, which put arguments into URLs. */
  GET_QUERIES: z.stringbool().optional(),
  /** Moves `/metrics` to a port of its own. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Apollo's persisted-query list: `{ format, version, operations: [{ id, body, name, type }] }`. */
  PERSISTED_OPERATIONS_FILE: file,
  /** Refuse every operation that is not in that file. */
  PERSISTED_OPERATIONS_ONLY: z.stringbool().default(false),
};

/** Strict mode without a list would refuse every operation. */
export function surfaceFaults(settings: {
  readonly PERSISTED_OPERATIONS_FILE?: string | undefined;
  readonly PERSISTED_OPERATIONS_ONLY: boolean;
}): string[] {
  return settings.PERSISTED_OPERATIONS_ONLY && settings.PERSISTED_OPERATIONS_FILE === undefined
    ? ["PERSISTED_OPERATIONS_FILE is required with PERSISTED_OPERATIONS_ONLY=true"]
    : [];
}
