import { spend } from "../../platform/intents/index.js";
import { repeatRefusal } from "../book/booking-intent.js";
import { answerInTime } from "../commands/background.js";
import { type NamedCommand, requireSameContent } from "../commands/command-key.js";
import type { JourneyContext } from "../journey-context.js";
import { asChange, type ChangeRefusal, type HeldChange } from "./change-intent.js";
import type { ChangeOutcome } from "./change-outcome.js";
import {
  fulfilled,
  placed,
  recordChanged,
  recordFulfilled,
  recordNotFound,
  unknownChange,
} from "./ended-change.js";
import { lookAtChange } from "./look-at-change.js";
import { readForChange } from "./read-for-change.js";

/** What an earlier ask under the same key leaves to do. */
export type ChangedBefore =
  | { readonly kind: "answered"; readonly outcome: ChangeOutcome }
  /** It may be sent. `held` is the earlier ask's intent, if there was one, and was not carried out. */
  | { readonly kind: "free"; readonly held?: HeldChange };

/**
 * A key that is bound gives its answer, with the appointment's state read anew; one of which the end is not known is
 * looked at first. As with bookings, whatever is in the way of that is no answer.
 *
 * @throws BadUserInputError when something else was sent under the key; UpstreamError when the intents cannot be read.
 */
export async function changedBefore(command: NamedCommand, context: JourneyContext): Promise<ChangedBefore> {
  const { commands, call } = context;
  const there = await commands.intents.get(command.key);
  if (there === undefined) return { kind: "free" };
  const held = asChange(there);
  requireSameContent(held, command);
  const unknown = () => unknownChange(held.intent.asked);

  const underWay = commands.background.under(held.key) as Promise<ChangeOutcome> | undefined;
  if (underWay) return answered(await answerInTime(underWay, call.signal, unknown));
  const { state } = held.intent;
  switch (state.name) {
    case "done":
      return answered(await withStateNow(held, undefined, context));
    case "refused":
      return answered(await withStateNow(held, state.answer, context));
    case "absent":
      return { kind: "free", held };
    case "sending":
      return commands.isAbandoned(held) ? lookAgain(held, context) : answered(unknown());
    case "unknown":
      return lookAgain(held, context);
  }
}

async function withStateNow(
  held: HeldChange,
  refusal: ChangeRefusal | undefined,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  const answer = refusal && repeatRefusal(refusal);
  if (answer && answer.kind !== "changed") return answer;
  const { reference } = held.intent.asked;
  const now = await readForChange(reference, context).catch(() => undefined);
  if (now?.kind !== "read") return unknownChange(held.intent.asked);
  if (answer === undefined) return fulfilled(held, now.appointment, context);
  return { kind: "changed", appointment: placed(reference, now.appointment, context) };
}

async function lookAgain(held: HeldChange, context: JourneyContext): Promise<ChangedBefore> {
  const look = await lookAtChange(held, context);
  switch (look.kind) {
    case "fulfilled":
      return answered(await recordFulfilled(held, look.appointment, context));
    case "changed":
      return answered(await recordChanged(held, look.appointment, context));
    case "not-found":
      return answered(await recordNotFound(held, context));
    case "unreadable":
      return answered(unknownChange(held.intent.asked));
    case "unchanged":
      // Of two sends of one version at most one is carried out.
      return { kind: "free", held: look.certain ? await freed(held, context) : held };
  }
}

async function freed(held: HeldChange, { commands }: JourneyContext): Promise<HeldChange> {
  const intent = { ...spend(held.intent), state: { name: "absent" } as const };
  return (await commands.record(held, intent)) ? { ...held, revision: held.revision + 1, intent } : held;
}

function answered(outcome: ChangeOutcome): ChangedBefore {
  return { kind: "answered", outcome };
}
