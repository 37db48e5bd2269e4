import { UpstreamError } from "../platform/errors.js";
import type { ClaimedOf, CommandDefinition, CommandTypes, Finding, IntentOf } from "./command-definition.js";
import { countSends, endSends, type UnknownState } from "./command-intent.js";
import { toStoredError } from "./stored-error.js";

/** The ends of a command. Each is saved before the caller is told. */

/** The practice's own response to the last send: the command was carried out. */
export function persistConfirmed<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  found: T["found"],
  context: T["context"],
): Promise<T["outcome"]> {
  return persistDone(definition, { ...claimed, intent: endSends(claimed.intent) }, found, false, context);
}

/** A read-back has found that the command was carried out. */
function persistFound<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  found: T["found"],
  context: T["context"],
): Promise<T["outcome"]> {
  const intent = definition.isSendSpentBy(found) ? endSends(claimed.intent) : claimed.intent;
  return persistDone(definition, { ...claimed, intent }, found, true, context);
}

async function persistDone<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  found: T["found"],
  isRecovered: boolean,
  context: T["context"],
): Promise<T["outcome"]> {
  const result = definition.toResult(found, isRecovered, claimed, context);
  const intent: IntentOf<T> = { ...claimed.intent, state: { name: "done", result } };
  const saved = await context.commands.save(claimed, intent, definition.isKeyFreedByOutcome);
  if (saved && definition.isKeyFreedByOutcome) await context.commands.store.remove(saved).catch(() => false);
  return definition.toOutcome({ ...claimed, intent }, result, context);
}

/**
 * Saves what a read-back has shown, unless it leaves the outcome open. Something else than was requested leaves it unknown
 * for the caller, and people are called to look at it.
 *
 * @returns the outcome; undefined when the finding leaves it open.
 */
export async function persistFinding<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  finding: Finding<T>,
  context: T["context"],
): Promise<T["outcome"] | undefined> {
  if (finding.kind === "present") return persistFound(definition, claimed, finding.found, context);
  if (finding.kind === "mismatch") {
    const { handle } = claimed.intent.details;
    const unknown = await persistMismatch(claimed, context);
    return definition.toUnknown(handle, context.commands.settlesAt(unknown));
  }
  if (finding.kind !== "excluded") return undefined;
  await persistRefused(definition, claimed, finding.refusal, context);
  return finding.outcome;
}

async function persistRefused<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  refusal: Extract<IntentOf<T>["state"], { name: "refused" }>["refusal"],
  { commands }: T["context"],
): Promise<void> {
  const saved = await commands.save(claimed, {
    ...endSends(claimed.intent),
    state: { name: "refused", refusal },
  });
  if (saved && definition.isKeyFreedByOutcome) await commands.store.remove(saved).catch(() => false);
}

/**
 * It may have been carried out, or may be yet.
 *
 * @param facts what is known of the unknown outcome; left out, `settlesAt` is the end of the bound, or soon when the
 *   bound is over and the practice could not be read.
 * @returns the intent as it is stored now, or as it would be if the store had taken it.
 */
export async function persistUnknown<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  { commands }: T["context"],
  facts: Partial<UnknownState> = {},
): Promise<ClaimedOf<T>> {
  const { state } = claimed.intent;
  const before = state.name === "unknown" ? state : undefined;
  const unknown: IntentOf<T> = { ...claimed.intent, state: { name: "unknown", settlesAt: 0 } };
  const settlesAt = commands.earliestSettlesAt({ ...claimed, intent: unknown });
  const intent: IntentOf<T> = { ...unknown, state: { ...before, name: "unknown", settlesAt, ...facts } };
  return (await commands.save(claimed, intent)) ?? { ...claimed, intent };
}

/** The practice has done, or confirmed, something else than was requested. Its absence is never stated then. */
export async function persistMismatch<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<ClaimedOf<T>> {
  const { state } = claimed.intent;
  if (state.name === "unknown" && state.isMismatch) return claimed;
  context.commands.alert("WRITE_MISMATCH", claimed.intent);
  return persistUnknown(claimed, context, { isMismatch: true });
}

/**
 * It was not carried out, no send can take effect any more, and it may be sent again.
 *
 * @returns the intent as it is now; undefined when another process has changed it, or it could not be saved.
 */
export function persistAbsent<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  { commands }: T["context"],
): Promise<ClaimedOf<T> | undefined> {
  return commands.save<IntentOf<T>>(claimed, { ...endSends(claimed.intent), state: { name: "absent" } });
}

/**
 * The last send was definitely refused. That binds the key to the response, unless the same request may succeed later.
 *
 * @throws UpstreamError for a refusal that is no outcome: nothing was carried out.
 */
export async function persistRefusal<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  { error, ready }: { readonly error: UpstreamError; readonly ready: T["ready"] },
  context: T["context"],
): Promise<T["outcome"]> {
  if (error.retryable) {
    await persistAbsent(claimed, context);
    throw error;
  }
  const refusal = await definition.toRefusal(error, ready, context);
  await persistRefused(definition, claimed, refusal ?? toStoredError(error), context);
  if (refusal) return refusal;
  throw error;
}

/** The last send never reached the practice: the key is as free, or as bound, as it was before. */
export async function releaseUnsent<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  { commands }: T["context"],
): Promise<void> {
  const intent: IntentOf<T> = { ...endSends(claimed.intent, "unsent"), state: { name: "absent" } };
  // What cannot be released reads "sending": the sweeper finds it absent.
  if (countSends(intent) > 0) await commands.save(claimed, intent);
  else await commands.store.remove(claimed).catch(() => false);
}

/**
 * Nothing was carried out and nothing can be any more. The key is free again, unless the caller has left: then nobody has
 * been told, and the key keeps the count of its sends for the request that will be.
 *
 * @throws UpstreamError always: reason `NOT_BOOKED`, or `NOT_DONE` for another command.
 */
export async function throwNotDone<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<never> {
  if (context.call.signal.aborted) await persistAbsent(claimed, context);
  else await context.commands.store.remove(claimed).catch(() => false);
  throw notDone(definition.kind);
}

/** The error of a command that was not carried out although it was sent, and that may be requested again. */
export function notDone(kind: string): UpstreamError {
  return new UpstreamError(
    kind === "book"
      ? "The practice did not book the appointment. Nothing was booked. Try again, or ring the practice."
      : "The practice did not carry out the request. Nothing was changed. Try again, or ring the practice.",
    {
      service: "PROVIDER",
      code: "UPSTREAM_UNAVAILABLE",
      reason: kind === "book" ? "NOT_BOOKED" : "NOT_DONE",
      retryable: true,
    },
  );
}
