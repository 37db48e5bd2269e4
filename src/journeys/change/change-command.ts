import type { CommandDefinition } from "../../commands/command-definition.js";
import { expireSends } from "../../commands/command-intent.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import type { JourneyContext } from "../journey-context.js";
import { toPlacedAppointment } from "../placed-appointment.js";
import { asPracticeRefusal } from "../practice-refusals.js";
import type { ChangeOutcome } from "./change-outcome.js";
import type { ChangeTypes, ClaimedChange } from "./change-types.js";
import { lookUpChange, readBackChange } from "./look-up-change.js";
import { readForChange } from "./read-for-change.js";
import { warningsOn } from "./requested-change.js";
import { sendChange } from "./send-change.js";

export const cancelCommand = createChangeCommand("cancel");
export const amendCommand = createChangeCommand("amend");

/** Cancelling or amending, as the command engine runs and reconciles it (design section 9; GP Connect notes, 8.7, 8.8). */
function createChangeCommand(kind: "cancel" | "amend"): CommandDefinition<ChangeTypes> {
  return {
    kind,
    reconciledAs: "CHANGED",
    toDetails: ({ reference, change, version }, origin) => ({ ...origin, reference, change, version }),
    send: (ready, _claimed, context) => sendChange(ready, context),
    readBack: readBackChange,
    lookUp: lookUpChange,
    toResult: () => ({}),
    // Of two sends that are based on one version at most one is carried out: every other one meets another version.
    expireFound: expireSends,
    expireRefused: expireSends,
    toOutcome: (claimed, { found }, context) => toDone(claimed, found, context),
    toRefusal: asPracticeRefusal,
    async replayDone(claimed, _result, context) {
      const appointment = await readAnew(claimed, context);
      return appointment ? toDone(claimed, appointment, context) : toUnknown(claimed.intent.details);
    },
    async replayRefused(claimed, refusal, context) {
      if (refusal.kind !== "changed") return refusal;
      const appointment = await readAnew(claimed, context);
      if (appointment === undefined) return toUnknown(claimed.intent.details);
      const { reference } = claimed.intent.details;
      return { kind: "changed", appointment: toPlacedAppointment(reference, appointment, context) };
    },
    toUnknown,
    auditSubject: ({ reference: { nhsNumber, odsCode } }) => ({ nhsNumber, odsCode }),
  };
}

async function readAnew(
  { intent }: ClaimedChange,
  context: JourneyContext,
): Promise<PracticeAppointment | undefined> {
  const now = await readForChange(intent.details.reference, context).catch(() => undefined);
  return now?.kind === "read" ? now.appointment : undefined;
}

function toDone(
  { intent }: ClaimedChange,
  appointment: PracticeAppointment,
  context: JourneyContext,
): ChangeOutcome {
  const { reference, change } = intent.details;
  return {
    kind: "done",
    appointment: toPlacedAppointment(reference, appointment, context),
    warnings: warningsOn(change, appointment),
  };
}

function toUnknown({ handle }: { readonly handle: string }): ChangeOutcome {
  return { kind: "outcome-unknown", handle };
}
