import type { ClaimedOf, CommandDefinition, CommandTypes, Finding } from "./command-definition.js";
import { type KeyedCommand, requireSameContent } from "./command-key.js";
import { outcomeInTime } from "./in-flight.js";
import { persistAbsent, persistFound, persistRefused } from "./persist-outcome.js";
import { requireNoStoredError } from "./stored-error.js";

/** What an earlier request under the same key leaves to do. */
export type EarlierRequest<T extends CommandTypes> =
  | { readonly kind: "answered"; readonly outcome: T["outcome"] }
  /** It may be sent. `claimed`: the intent of an earlier request, which was not carried out. */
  | { readonly kind: "free"; readonly claimed?: ClaimedOf<T> };

/**
 * A bound key replays its outcome. An outcome that is not known is read back first (design section 9).
 *
 * A gate that has closed since, or a fault on the way, is no outcome here: the caller would take it for "not done" while
 * the command may have been carried out. The outcome stays unknown until it can be read.
 *
 * @throws BadUserInputError when other content was sent under the key; UpstreamError when the store cannot be read.
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
  const unknown = () => definition.toUnknown(claimed.intent.details);

  const running = commands.inFlight.get(claimed.key) as Promise<T["outcome"]> | undefined;
  if (running) return answered(await outcomeInTime(running, call.signal, unknown));
  const { state } = claimed.intent;
  switch (state.name) {
    case "done":
      return answered(await definition.replayDone(claimed, state.result, context));
    case "absent":
      return { kind: "free", claimed };
    case "sending":
      return commands.isLeaseExpired(claimed)
        ? lookUpAgain(definition, claimed, context)
        : answered(unknown());
    case "unknown":
      return lookUpAgain(definition, claimed, context);
    case "refused": {
      const late = commands.areSendsExpired(claimed) ? undefined : await definition.lookUp(claimed, context);
      if (late?.kind === "present") {
        return answered(await persistFound(definition, claimed, late.found, context));
      }
      const refusal = requireNoStoredError<T["refusal"]>(state.refusal);
      return answered(await definition.replayRefused(claimed, refusal, context));
    }
  }
}

async function lookUpAgain<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<EarlierRequest<T>> {
  const unknown = definition.toUnknown(claimed.intent.details);
  // Read first: what the practice shows must be later than the last moment at which anything can take effect.
  const isCertain = context.commands.areSendsExpired(claimed);
  const finding: Finding<T> = await definition.lookUp(claimed, context);
  switch (finding.kind) {
    case "present":
      return answered(await persistFound(definition, claimed, finding.found, context));
    case "excluded":
      await persistRefused(definition, claimed, finding.refusal, context);
      return answered(finding.outcome);
    case "unreadable":
      return answered(unknown);
    case "absent": {
      // Not certain yet: it may be sent again, but the caller must not be told that it was not carried out.
      if (!isCertain) return { kind: "free", claimed };
      const absent = await persistAbsent<T>(claimed, context);
      return absent ? { kind: "free", claimed: absent } : answered(unknown);
    }
  }
}

function answered<T extends CommandTypes>(outcome: T["outcome"]): EarlierRequest<T> {
  return { kind: "answered", outcome };
}
