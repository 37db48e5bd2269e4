import type { Finding } from "../../commands/command-definition.js";
import { countSends } from "../../commands/command-intent.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import type { JourneyContext } from "../journey-context.js";
import { toPlacedAppointment } from "../placed-appointment.js";
import { readAppointment } from "../read-appointment.js";
import type { ChangeTypes, ClaimedChange, ReadyToChange } from "./change-types.js";
import { readForChange } from "./read-for-change.js";
import { isAttributedToUs, isFulfilled, isKeptAmendment } from "./requested-change.js";

/** After this the appointment has begun, and practices do not show it any more: nothing more can be found out. */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

/**
 * Reads the appointment again right after a send. The requested state means done; the same version means that the change
 * may be sent once more; any other version means that somebody else changed it.
 */
export async function readBackChange(
  ready: ReadyToChange,
  claimed: ClaimedChange,
  end: string,
  context: JourneyContext,
): Promise<Finding<ChangeTypes>> {
  const now = await readAppointment(ready.practice, ready.reference, context);
  if (now === undefined) return NOT_FOUND;
  const { appointment } = now;
  const isFirstConflict = end === "conflict" && countSends(claimed.intent) === 1;
  const isDone = isFirstConflict
    ? isAttributedToUs(ready.change, appointment)
    : isFulfilled(ready.change, appointment);
  if (isDone) return { kind: "present", found: appointment };
  return compareVersion(claimed, appointment, context);
}

/** Finds out what became of a change that was sent earlier. It never sends. */
export async function lookUpChange(
  claimed: ClaimedChange,
  context: JourneyContext,
): Promise<Finding<ChangeTypes>> {
  const { reference, change } = claimed.intent.details;
  const lastSend = claimed.intent.sends.at(-1)?.at ?? 0;
  const unreadable = { kind: "unreadable", forGood: context.clock.now() - lastSend > GIVE_UP_MS } as const;
  try {
    const now = await readForChange(reference, context);
    if (now.kind === "not-found") return NOT_FOUND;
    if (now.kind !== "read") return unreadable;
    const { appointment } = now;
    if (isFulfilled(change, appointment)) return { kind: "present", found: appointment };
    return compareVersion(claimed, appointment, context);
  } catch {
    // The failure was audited where it happened, and says nothing about the change.
    return unreadable;
  }
}

const NOT_FOUND: Finding<ChangeTypes> = {
  kind: "excluded",
  refusal: { kind: "not-found" },
  outcome: { kind: "not-found" },
};

function compareVersion(
  { intent }: ClaimedChange,
  appointment: PracticeAppointment,
  context: JourneyContext,
): Finding<ChangeTypes> {
  const { reference, change, version } = intent.details;
  if (appointment.versionId === version) return { kind: "absent" };
  if (isKeptAmendment(change, appointment)) return { kind: "present", found: appointment };
  const placed = toPlacedAppointment(reference, appointment, context);
  return {
    kind: "excluded",
    refusal: { kind: "changed" },
    outcome: { kind: "changed", appointment: placed },
  };
}
