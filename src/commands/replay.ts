import { awaitOutcome } from "./await-outcome.js";
import type { ClaimedOf, CommandDefinition, CommandTypes } from "./command-definition.js";
import { countSends } from "./command-intent.js";
import { type KeyedCommand, requireSameContent } from "./command-key.js";
import { outcomeInTime } from "./in-flight.js";
import { persistAbsent, persistUnknown, throwNotDone } from "./persist-outcome.js";
import { MAX_SENDS } from "./send-command.js";
import { requireNoStoredError } from "./stored-error.js";

/** What an earlier request under the same key leaves to do. */
export type EarlierRequest<T extends CommandTypes> =
  | { readonly kind: "answered"; readonly outcome: T["outcome"] }
  /** It may be sent. `claimed`: the intent of an earlier request, which was not carried out for certain. */
  | { readonly kind: "free"; readonly claimed?: ClaimedOf<T> };

/**
 * A bound key replays its outcome. An outcome that is not known is read back first (design section 9).
 *
 * A gate that has closed since, or a fault on the way, is no outcome here: the caller would take it for "not done" while
 * the command may have been carried out. The outcome stays unknown until it can be read.
 *
 * @throws BadUserInputError when other content was sent under the key; UpstreamError when the store cannot be read, and
 *   when the command was sent as often as a key may and was not carried out: the key is free again then.
 */
export async function replayEarlierRequest<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  command: KeyedCommand,
  context: T["context"],
): Promise<EarlierRequest<T>> {
  const { commands, call } = context;
  const stored = await commands.store.get(command.key);
  if (stored === undefined) return { kind: "free" };
  // The kind is part of the key's hash: what lies under a key is of that kind.
  const claimed = stored as ClaimedOf<T>;
  requireSameContent(claimed, command);
  const unknown = () => definition.toUnknown(claimed.intent.details.handle, commands.settlesAt(claimed));

  const running = commands.inFlight.get(claimed.key) as Promise<T["outcome"]> | undefined;
  if (running) return answered(await outcomeInTime(running, call.signal, unknown));
  const { state } = claimed.intent;
  switch (state.name) {
    case "done":
      return answered(await definition.replayDone(claimed, state.result, context));
    case "refused": {
      const refusal = requireNoStoredError<T["refusal"]>(state.refusal);
      return answered(await definition.replayRefused(claimed, refusal, context));
    }
    case "absent":
      return free(definition, claimed, context);
    case "sending": {
      if (!commands.isLeaseExpired(claimed)) return answered(unknown());
      commands.startBoundAfterLease(claimed);
      return lookUpAgain(definition, await persistUnknown(claimed, context), context);
    }
    case "unknown":
      return lookUpAgain(definition, claimed, context);
  }
}

async function lookUpAgain<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<EarlierRequest<T>> {
  const { commands } = context;
  const read = () => definition.lookUp(claimed, context);
  const certainty = await awaitOutcome(definition, claimed, read, context);
  if (certainty.kind === "outcome") return answered(certainty.outcome);
  const absent = await persistAbsent<T>(certainty.claimed, context);
  if (absent) return free(definition, absent, context);
  const { handle } = claimed.intent.details;
  return answered(definition.toUnknown(handle, commands.latestSettlesAt()));
}

async function free<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<EarlierRequest<T>> {
  if (countSends(claimed.intent) >= MAX_SENDS) return throwNotDone(definition, claimed, context);
  return { kind: "free", claimed };
}

function answered<T extends CommandTypes>(outcome: T["outcome"]): EarlierRequest<T> {
  return { kind: "answered", outcome };
}
