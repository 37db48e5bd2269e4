import type { FormattedExecutionResult } from "graphql";
import { deadlineExceeded } from "../graph/response-deadline.js";
import { hasEnded } from "../platform/resilience/deadline.js";

/** What the serialisation of one large response needs of its request. */
export interface ResponseDeadline {
  readonly signal: AbortSignal;
  readonly correlationId: string;
}

/** Below this depth values are small: `practices`, its items, `freeSlots`, its items. */
const MAX_DEPTH = 4;
/** About 5 ms of work. */
const CHUNK_CHARACTERS = 1024 * 1024;

const deadlines = new WeakMap<object, ResponseDeadline>();

/** Marks the data of a large response, which is then serialised in parts and ends at the deadline. */
export function limitSerialisation(data: object, deadline: ResponseDeadline): void {
  deadlines.set(data, deadline);
}

/** The result that replaces a response whose deadline has passed: never a part of it. */
export function toDeadlineResult({ correlationId }: ResponseDeadline): FormattedExecutionResult {
  const { message, code, service, retryable, reason } = deadlineExceeded();
  return {
    errors: [{ message, extensions: { code, upstream: service, service, retryable, reason, correlationId } }],
    data: null,
  };
}

/**
 * Serialises a response. A large one is written in parts: other requests run in between, and the deadline is checked, so
 * that a response nobody waits for any more does not hold up the others.
 */
export async function stringifyResponse(result: FormattedExecutionResult): Promise<string> {
  const deadline = result.data ? deadlines.get(result.data) : undefined;
  if (deadline === undefined) return `${JSON.stringify(result)}\n`;
  const chunks: string[] = [];
  let chunk = "";
  for (const part of partsOf(result, -1)) {
    chunk += part;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    chunks.push(chunk);
    chunk = "";
    await new Promise((resolve) => setImmediate(resolve));
    if (hasEnded(deadline.signal)) return `${JSON.stringify(toDeadlineResult(deadline))}\n`;
  }
  return `${chunks.join("")}${chunk}\n`;
}

/** The text of `JSON.stringify`, in parts. */
function* partsOf(value: unknown, depth: number): Generator<string> {
  if (depth >= MAX_DEPTH || typeof value !== "object" || value === null) {
    yield JSON.stringify(value) ?? "null";
    return;
  }
  let separator = "";
  if (Array.isArray(value)) {
    yield "[";
    for (const item of value) {
      yield separator;
      yield* partsOf(item, depth + 1);
      separator = ",";
    }
    yield "]";
    return;
  }
  yield "{";
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${separator}${JSON.stringify(name)}:`;
    yield* partsOf(member, depth + 1);
    separator = ",";
  }
  yield "}";
}
