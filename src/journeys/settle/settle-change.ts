import { spend } from "../../platform/intents/index.js";
import type { ChangeIntent, HeldChange } from "../change/change-intent.js";
import { recordChanged, recordFulfilled, recordNotFound } from "../change/ended-change.js";
import { lookAtChange } from "../change/look-at-change.js";
import type { JourneyContext } from "../journey-context.js";
import { noteSettlement, type Settlement } from "./settlement.js";

/** After this nobody will be told anything new: the appointment has begun, and practices do not show it any more. */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

/** Settles a change that nobody asks after: finds out what became of it and writes that down. It never sends. */
export async function settleChange(held: HeldChange, context: JourneyContext): Promise<Settlement> {
  const settlement = await look(held, context);
  noteSettlement(settlement, held.intent.asked.reference, context);
  return settlement;
}

async function look(held: HeldChange, context: JourneyContext): Promise<Settlement> {
  const seen = await lookAtChange(held, context);
  const { intent } = held;
  const end = async (state: ChangeIntent["state"], settlement: Settlement, as = intent) =>
    (await context.commands.record(held, { ...as, state })) ? settlement : "PENDING";
  switch (seen.kind) {
    case "fulfilled":
      await recordFulfilled(held, seen.appointment, context);
      return "CHANGED";
    case "changed":
      await recordChanged(held, seen.appointment, context);
      return "ABSENT";
    case "not-found":
      await recordNotFound(held, context);
      return "ABSENT";
    case "unchanged":
      return seen.certain
        ? end({ name: "absent" }, "ABSENT", spend(intent))
        : end({ name: "unknown" }, "PENDING");
    case "unreadable": {
      const last = intent.sends.at(-1)?.at ?? 0;
      const isOld = context.clock.now() - last > GIVE_UP_MS;
      return isOld ? end({ name: "unknown", forGood: true }, "LOST") : end({ name: "unknown" }, "PENDING");
    }
  }
}
