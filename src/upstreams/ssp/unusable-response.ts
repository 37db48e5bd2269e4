import { isRecord, type Json, text } from "./wire.js";

/** Why a 2xx cannot be used; the `reason` of the error that callers get. */
export type UnusableReason =
  /** No JSON object: HTML of a gateway, XML, or nothing. */
  | "NOT_JSON"
  /** Another type of resource than was requested, or another resource of that type. */
  | "WRONG_RESOURCE"
  /** About another patient than the requested one. */
  | "WRONG_PATIENT"
  /** The practice reports a change as done, but the resource does not show it. */
  | "NOT_CHANGED"
  /** An element is missing without which the response would mislead. */
  | "INCOMPLETE_RESOURCE"
  /** Only part of a list: a next page, a total above the entries, or an error beside them. */
  | "INCOMPLETE_RESPONSE";

/** Thrown by the readers. The exchange turns it into `UPSTREAM_BAD_RESPONSE`, so it never leaves this folder. */
export class UnusableResponse extends Error {
  override readonly name = "UnusableResponse";

  constructor(readonly reason: UnusableReason) {
    super(`the response cannot be used: ${reason}`);
  }
}

/** @throws UnusableResponse when the value is not a resource of this type. */
export function expectResource(value: unknown, type: string): Json {
  if (!isRecord(value)) throw new UnusableResponse("NOT_JSON");
  if (value.resourceType !== type) throw new UnusableResponse("WRONG_RESOURCE");
  return value;
}

/** @throws UnusableResponse when the value is not a string, or is blank. */
export function expectText(value: unknown): string {
  const found = text(value);
  if (found === undefined) throw new UnusableResponse("INCOMPLETE_RESOURCE");
  return found;
}
