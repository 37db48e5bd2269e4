import { shortInteraction } from "../../web-ui/sequence-diagram/interaction.js";
import type { JournalEntry } from "../api/journal-entry.js";
import { describeKind } from "../faults/fault-words.js";

/** The outcome of a call: `none` when the connection ended without a response. */
export type Outcome = "accepted" | "refused" | "none" | "pending";

/** How the caller fared. Some suppliers send an error with status 200, so a refusal decides. */
export function outcomeOf({ status, durationMs, refusal }: JournalEntry): Outcome {
  if (status !== undefined) return status < 400 && refusal === undefined ? "accepted" : "refused";
  return durationMs === undefined ? "pending" : "none";
}

/** The status, or words where there is none. */
export function statusText(entry: JournalEntry): string {
  if (entry.status !== undefined) return String(entry.status);
  return outcomeOf(entry) === "pending" ? "waiting" : "no response";
}

/** The interaction in words, else the method. */
export function callTitle({ interaction, method }: JournalEntry): string {
  return interaction === undefined ? method : shortInteraction(interaction);
}

/** `09:41:07`, in London. */
export function londonTime(iso: string): string {
  return new Date(iso).toLocaleTimeString("en-GB", { timeZone: "Europe/London" });
}

/**
 * Why the caller did not get what it sent for, or what a fault did to the call. Undefined for other calls.
 *
 * @param forwarded the call of the proxy to the practice: the proxy passes the practice's refusal on
 */
export function reasonOf(entry: JournalEntry, forwarded: JournalEntry | null): string | undefined {
  if (entry.fault !== undefined) return `Fault: ${describeKind(entry.fault)}`;
  if (outcomeOf(entry) !== "refused") return undefined;
  const own = refusalText(entry);
  if (own !== undefined) return own;
  const theirs = forwarded?.status === entry.status && forwarded ? refusalText(forwarded) : undefined;
  return theirs === undefined ? "Refused without a reason" : `Refused by the practice: ${theirs}`;
}

function refusalText({ refusal }: JournalEntry): string | undefined {
  return refusal?.diagnostics ?? refusal?.code;
}
