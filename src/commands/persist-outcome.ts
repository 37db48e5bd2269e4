import type { UpstreamError } from "../platform/errors.js";
import type { ClaimedOf, CommandDefinition, CommandTypes, IntentOf } from "./command-definition.js";
import { expireLastSend, expireSends, lastOpenSend } from "./command-intent.js";
import { toStoredError } from "./stored-error.js";

/** The ends of a command. Each is saved before the caller is told. */

/** The practice's own response to the last send: the command was carried out. */
export async function persistConfirmed<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  found: T["found"],
  context: T["context"],
): Promise<T["outcome"]> {
  const intent = definition.expireRefused(expireLastSend(claimed.intent));
  return persistDone(definition, { ...claimed, intent }, { found, isRecovered: false }, context);
}

/**
 * A read-back has found that the command was carried out.
 *
 * @param endedByConflict the last send met a conflict: it can have no further effect.
 */
export async function persistFound<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  found: T["found"],
  context: T["context"],
  endedByConflict = false,
): Promise<T["outcome"]> {
  const intent = definition.expireFound(claimed.intent, found, endedByConflict);
  return persistDone(definition, { ...claimed, intent }, { found, isRecovered: true }, context);
}

async function persistDone<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  { found, isRecovered }: { readonly found: T["found"]; readonly isRecovered: boolean },
  context: T["context"],
): Promise<T["outcome"]> {
  const result = definition.toResult(found, isRecovered, claimed, context);
  await context.commands.save(claimed, { ...claimed.intent, state: { name: "done", result } });
  return definition.toOutcome(claimed, { found, result }, context);
}

/** The last send was refused, and every later one would be. */
export async function persistRefused<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  refusal: Extract<IntentOf<T>["state"], { name: "refused" }>["refusal"],
  { commands }: T["context"],
): Promise<void> {
  const intent = definition.expireRefused(expireLastSend(claimed.intent));
  await commands.save(claimed, { ...intent, state: { name: "refused", refusal } });
}

/** It may have been carried out. */
export async function persistUnknown<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  { commands }: T["context"],
): Promise<T["outcome"]> {
  await commands.save(claimed, { ...claimed.intent, state: { name: "unknown" } });
  return definition.toUnknown(claimed.intent.details);
}

/**
 * It was not carried out, and may be sent again.
 *
 * @returns the intent as it is now; undefined when another process has changed it, or it could not be saved.
 */
export async function persistAbsent<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  { commands }: T["context"],
): Promise<ClaimedOf<T> | undefined> {
  const intent: IntentOf<T> = { ...expireSends(claimed.intent), state: { name: "absent" } };
  const isSaved = await commands.save(claimed, intent);
  return isSaved ? { ...claimed, revision: claimed.revision + 1, intent } : undefined;
}

/**
 * The last send was definitely refused. That binds the key to the response, unless the same request may succeed later.
 * While an earlier send of the key may still take effect, this refusal says nothing about that one.
 *
 * @throws UpstreamError for a refusal that is no outcome: nothing was carried out.
 */
export async function persistRefusal<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  error: UpstreamError,
  context: T["context"],
): Promise<T["outcome"]> {
  const others = expireLastSend(claimed.intent);
  if (lastOpenSend(others)) return persistUnknown(definition, { ...claimed, intent: others }, context);
  const neverLeft = error.httpStatus === undefined;
  if (neverLeft && others.sends.length === 1) {
    // The first send binds a key, and nothing was sent.
    await context.commands.store.remove(claimed).catch(() => false);
    throw error;
  }
  if (neverLeft || error.retryable) {
    await persistAbsent(claimed, context);
    throw error;
  }
  const refusal = definition.toRefusal(error);
  await persistRefused(definition, claimed, refusal ?? toStoredError(error), context);
  if (refusal) return refusal;
  throw error;
}
