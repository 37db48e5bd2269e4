import { drawDelay, type FaultKind, type FaultResponse } from "../http/faults.js";
import type { LdapResult } from "./messages.js";

/** A recorded search. */
export interface CallRecord {
  readonly fault: FaultKind | undefined;
  /** Waits real time. Rejects when the sandbox closes. */
  pause(milliseconds: number): Promise<void>;
  /** Waits for holds on the processing of the search. */
  pass(): Promise<void>;
  /** Records how the search ended. */
  finish(result: LdapResult): void;
}

const TOO_MANY_REQUESTS = 429;

/**
 * What the fault of a search does in place of its result. Undefined: the search is processed. The status of a fault becomes
 * the result code that says the same: `busy` for 429, otherwise `unavailable`. A search commits nothing, so a fault after
 * the commit is one before it.
 */
export async function faultOutcome(record: CallRecord): Promise<LdapResult | "reset" | "hang" | undefined> {
  const { fault } = record;
  if (fault === "hang") return "hang";
  if (fault === "reset" || fault === "reset-after-commit") return "reset";
  if (fault !== undefined && "delayMs" in fault) await record.pause(drawDelay(fault.delayMs));
  else if (fault !== undefined) return toOutcome(responseOf(fault));
  await record.pass();
  return undefined;
}

function responseOf(
  fault: Exclude<FaultKind, string | { delayMs: unknown }>,
): FaultResponse | "reset" | "hang" {
  if ("afterCommit" in fault) return fault.afterCommit;
  return "lateCommit" in fault ? fault.lateCommit.response : fault;
}

function toOutcome(response: FaultResponse | "reset" | "hang"): LdapResult | "reset" | "hang" {
  if (typeof response === "string") return response;
  return { result: response.status === TOO_MANY_REQUESTS ? "busy" : "unavailable" };
}
