import { answerInTime } from "../commands/background.js";
import { type NamedCommand, requireSameContent } from "../commands/command-key.js";
import type { JourneyContext } from "../journey-context.js";
import { lookForBooking } from "../settle/look-for-booking.js";
import { recordAbsent, recordFound } from "../settle/recorded-booking.js";
import { asBooking, type HeldBooking, repeatRefusal, unknownOutcome } from "./booking-intent.js";
import type { BookingOutcome } from "./booking-outcome.js";
import { replayBooking } from "./replay-booking.js";

/** What an earlier ask under the same key leaves to do. */
export type AskedBefore =
  | { readonly kind: "answered"; readonly outcome: BookingOutcome }
  /** It may be sent. `held` is the earlier ask's intent, if there was one, and was not found at the practice. */
  | { readonly kind: "free"; readonly held?: HeldBooking };

/**
 * A key that is bound gives its answer; one of which the end is not known is read back first (design section 9).
 *
 * A gate that has closed since, or a fault on the way, is no answer here: each would be taken for "not booked" while the
 * appointment may stand. So the outcome is called unknown until it can be read.
 *
 * @throws BadUserInputError when something else was sent under the key; UpstreamError when the intents cannot be read.
 */
export async function askedBefore(command: NamedCommand, context: JourneyContext): Promise<AskedBefore> {
  const { commands, call } = context;
  const there = await commands.intents.get(command.key);
  if (there === undefined) return { kind: "free" };
  const held = asBooking(there);
  requireSameContent(held, command);
  const unknown = () => unknownOutcome(held.intent.asked);

  const underWay = commands.background.under(held.key) as Promise<BookingOutcome> | undefined;
  if (underWay) return answered(await answerInTime(underWay, call.signal, unknown));
  const { state } = held.intent;
  switch (state.name) {
    case "done":
      return answered(await replayBooking(held, state.result, context));
    case "absent":
      return { kind: "free", held };
    case "sending":
      return commands.isAbandoned(held) ? lookAgain(held, context) : answered(unknown());
    case "unknown":
      return lookAgain(held, context);
    case "refused": {
      const late = commands.isSpent(held) ? undefined : await lookForBooking(held, context);
      if (late?.kind === "found") return answered(await recordFound(held, late, context));
      return answered(repeatRefusal(state.answer));
    }
  }
}

async function lookAgain(held: HeldBooking, context: JourneyContext): Promise<AskedBefore> {
  const look = await lookForBooking(held, context);
  switch (look.kind) {
    case "found":
      return answered(await recordFound(held, look, context));
    case "unreadable":
      return answered(unknownOutcome(held.intent.asked));
    case "absent": {
      // Not certain yet: it may be sent again, since the slot can be had once only; "not booked" may not be said.
      if (!look.certain) return { kind: "free", held };
      const absent = await recordAbsent(held, context);
      return absent ? { kind: "free", held: absent } : answered(unknownOutcome(held.intent.asked));
    }
  }
}

function answered(outcome: BookingOutcome): AskedBefore {
  return { kind: "answered", outcome };
}
