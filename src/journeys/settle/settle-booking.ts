import { spend } from "../../platform/intents/index.js";
import type { BookingIntent, HeldBooking } from "../book/booking-intent.js";
import type { JourneyContext } from "../journey-context.js";
import { type Look, lookForBooking, lookForDouble } from "./look-for-booking.js";
import { recordAbsent, recordFound } from "./recorded-booking.js";
import { noteSettlement, type Settlement } from "./settlement.js";

/**
 * Settles a booking that nobody asks after: finds out what became of it and writes that down, as a settlement, in the
 * name of the person who booked. It never creates.
 */
export async function settleBooking(held: HeldBooking, context: JourneyContext): Promise<Settlement> {
  const { commands } = context;
  const { nhsNumber, odsCode } = held.intent.asked;
  const about = { nhsNumber, odsCode };
  const { state } = held.intent;
  if (state.name === "done") {
    // It stands. Until nothing more can come of an earlier send, it is kept in view (see the guard of cancellations).
    if (!commands.isSpent(held)) return "PENDING";
    const double = await lookForDouble(held, state.result.made.appointmentId, context);
    if (double === "unreadable") return "PENDING";
    const settlement = double === "none" ? "BOOKED" : "DOUBLED";
    noteSettlement(settlement, about, context);
    const settled = double === "none" ? held.intent : withAlso(held.intent, state, double.id);
    return (await commands.record(held, spend(settled))) ? settlement : "PENDING";
  }
  const look = await lookForBooking(held, context);
  const settlement = await write(look, held, context);
  noteSettlement(settlement, about, context);
  return settlement;
}

/** The key answers with what was told before; met anywhere, the double is known to be its work too. */
function withAlso(intent: BookingIntent, state: Done, appointmentId: string): BookingIntent {
  const made = { ...state.result.made, appointmentId };
  return { ...intent, state: { ...state, result: { ...state.result, made } } };
}

type Done = Extract<BookingIntent["state"], { readonly name: "done" }>;

async function write(look: Look, held: HeldBooking, context: JourneyContext): Promise<Settlement> {
  const { intent } = held;
  switch (look.kind) {
    case "found":
      await recordFound(held, look, context);
      return "BOOKED";
    case "absent": {
      if (!look.certain) return leaveOpen(held, context);
      const isWritten =
        intent.state.name === "refused"
          ? await context.commands.record(held, spend(intent))
          : (await recordAbsent(held, context)) !== undefined;
      return isWritten ? "ABSENT" : "PENDING";
    }
    case "unreadable":
      return look.forGood ? giveUp(held, context) : leaveOpen(held, context);
  }
}

/** Whoever was at work on it is not any more. */
async function leaveOpen(held: HeldBooking, { commands }: JourneyContext): Promise<Settlement> {
  const { intent } = held;
  if (intent.state.name === "sending") await commands.record(held, { ...intent, state: { name: "unknown" } });
  return "PENDING";
}

async function giveUp(held: HeldBooking, { commands }: JourneyContext): Promise<Settlement> {
  const { intent } = held;
  const last: BookingIntent =
    intent.state.name === "refused"
      ? spend(intent)
      : { ...intent, state: { name: "unknown", forGood: true } };
  return (await commands.record(held, last)) ? "LOST" : "PENDING";
}
