import { dateTime, isRecord, type Json, text } from "./wire.js";

/** Why a 2xx cannot be used; the `reason` of the error that callers get. */
export type UnusableReason =
  /** No JSON object at all: HTML of a gateway, XML, nothing. */
  | "NOT_JSON"
  /** Another type of resource, or another one of that type, than was asked for. */
  | "WRONG_RESOURCE"
  /** About another patient than the one asked for. */
  | "OTHER_PATIENT"
  /** A change is reported as done, and the resource is not in the state it was to bring about. */
  | "NOT_CHANGED"
  /** An element is missing without which the answer would mislead. */
  | "INCOMPLETE_ANSWER";

/** Thrown by the mappings; the exchange turns it into `UPSTREAM_BAD_RESPONSE`. Never leaves this folder. */
export class UnusableResponse extends Error {
  override readonly name = "UnusableResponse";

  constructor(readonly reason: UnusableReason) {
    super(`the answer cannot be used: ${reason}`);
  }
}

/** @throws UnusableResponse when the value is not a resource of this type. */
export function expectResource(value: unknown, type: string): Json {
  if (!isRecord(value)) throw new UnusableResponse("NOT_JSON");
  if (value.resourceType !== type) throw new UnusableResponse("WRONG_RESOURCE");
  return value;
}

/** @throws UnusableResponse when the value is not a string with something in it. */
export function expectText(value: unknown): string {
  const found = text(value);
  if (found === undefined) throw new UnusableResponse("INCOMPLETE_ANSWER");
  return found;
}

/** A date-time as sent. @throws UnusableResponse when it is none. */
export function expectDateTime(value: unknown): string {
  const found = dateTime(value);
  if (found === undefined) throw new UnusableResponse("INCOMPLETE_ANSWER");
  return found;
}
