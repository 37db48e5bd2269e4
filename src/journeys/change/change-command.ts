import type { CommandDefinition } from "../../commands/command-definition.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import { prepareResend } from "../failed-send.js";
import type { JourneyContext } from "../journey-context.js";
import { toPlacedAppointment } from "../placed-appointment.js";
import { asPracticeRefusal } from "../practice-refusals.js";
import type { ChangeOutcome } from "./change-outcome.js";
import type { ChangeTypes, ClaimedChange } from "./change-types.js";
import { writtenVersion } from "./last-written.js";
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
    toDetails: ({ reference, change, received }, origin) => ({
      ...origin,
      reference,
      change,
      version: received.appointment.versionId,
    }),
    // Of two changes that are based on one version at most one is carried out: no claim is needed.
    toResources: () => [],
    prepareResend,
    send: (ready, _claimed, context) => sendChange(ready, context),
    readBack: readBackChange,
    lookUp: lookUpChange,
    toResult: (appointment, _isRecovered, { intent: { details } }) => ({
      created: writtenVersion(details.reference, appointment.versionId),
      written: appointment,
    }),
    // Whatever arrives late meets another version.
    isSendSpentBy: () => true,
    toOutcome: (claimed, { written }, context) => toDone(claimed, written, context),
    toRefusal: async (error) => asPracticeRefusal(error),
    toResourceConflict: () => {
      throw new Error("a change claims no resource");
    },
    async replayDone(claimed, _result, context) {
      const appointment = await readAnew(claimed, context);
      return appointment ? toDone(claimed, appointment, context) : stateUnknown(claimed, context);
    },
    async replayRefused(claimed, refusal, context) {
      if (refusal.kind !== "changed") return refusal;
      const appointment = await readAnew(claimed, context);
      if (appointment === undefined) return stateUnknown(claimed, context);
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

function toUnknown(handle: string, settlesAt: number): ChangeOutcome {
  return { kind: "outcome-unknown", handle, settlesAt };
}

/** The outcome is known, but not the appointment's state: it cannot be read now. */
function stateUnknown(claimed: ClaimedChange, { commands }: JourneyContext): ChangeOutcome {
  return toUnknown(claimed.intent.details.handle, commands.settlesAt(claimed));
}
