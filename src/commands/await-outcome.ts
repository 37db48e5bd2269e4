import type { ClaimedOf, CommandDefinition, CommandTypes, Finding } from "./command-definition.js";
import { persistFinding, persistUnknown } from "./persist-outcome.js";

/** Timers may fire a moment early. */
const TIMER_SLACK_MS = 5;

/** What is certain after reading back. */
export type Certainty<T extends CommandTypes> =
  | { readonly kind: "outcome"; readonly outcome: T["outcome"] }
  /** It was not carried out, and no send can take effect any more. */
  | { readonly kind: "absent"; readonly claimed: ClaimedOf<T> };

/**
 * Reads back what became of a command whose last send has ended (design section 9). Absence is certain only when it was
 * read after the late-commit bound. A request whose deadline reaches past the bound waits for it; any other is told that
 * the outcome is not known, and when it will be.
 *
 * @param read reads the practice; called at most twice.
 */
export async function awaitOutcome<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  read: () => Promise<Finding<T>>,
  context: T["context"],
): Promise<Certainty<T>> {
  const { commands, call } = context;
  let current = claimed;
  for (let hasWaited = false; ; hasWaited = true) {
    // Measure first: what the practice shows must be later than the last moment at which anything can take effect.
    const isCertain = commands.boundLeftMs(current) === 0;
    const finding = await read();
    const outcome = await persistFinding(definition, current, finding, context);
    if (outcome) return { kind: "outcome", outcome };
    const { state } = current.intent;
    const isMismatch = state.name === "unknown" && state.isMismatch === true;
    if (isCertain && finding.kind === "absent" && !isMismatch) return { kind: "absent", claimed: current };
    if (isCertain || state.name !== "unknown") current = await persistUnknown(current, context);
    const left = commands.boundLeftMs(current);
    if (isCertain || hasWaited || !commands.canWait(left, call.signal))
      return unknown(definition, current, context);
    await commands.wait(Math.ceil(left) + TIMER_SLACK_MS, call.signal);
    if (call.signal.aborted) return unknown(definition, current, context);
  }
}

function unknown<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  { commands }: T["context"],
): Certainty<T> {
  const { handle } = claimed.intent.details;
  return { kind: "outcome", outcome: definition.toUnknown(handle, commands.settlesAt(claimed)) };
}
