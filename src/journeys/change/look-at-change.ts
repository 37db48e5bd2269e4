import type { PracticeAppointment } from "../../domain/appointment.js";
import type { JourneyContext } from "../journey-context.js";
import type { HeldChange } from "./change-intent.js";
import { readForChange } from "./read-for-change.js";
import { isFulfilled } from "./wish.js";

export type ChangeLook =
  | { readonly kind: "fulfilled"; readonly appointment: PracticeAppointment }
  | {
      readonly kind: "unchanged";
      /** Nothing can come of it any more; otherwise it may still be carried out. */
      readonly certain: boolean;
    }
  | { readonly kind: "changed"; readonly appointment: PracticeAppointment }
  | { readonly kind: "not-found" }
  | { readonly kind: "unreadable" };

/** Finds out what became of a change that was sent earlier. It asks and never sends. */
export async function lookAtChange(held: HeldChange, context: JourneyContext): Promise<ChangeLook> {
  const { reference, wish, version } = held.intent.asked;
  const certain = context.commands.isSpent(held);
  try {
    const now = await readForChange(reference, context);
    if (now.kind === "not-found") return now;
    if (now.kind !== "read") return { kind: "unreadable" };
    const { appointment } = now;
    if (isFulfilled(wish, appointment)) return { kind: "fulfilled", appointment };
    if (appointment.versionId !== version) return { kind: "changed", appointment };
    return { kind: "unchanged", certain };
  } catch {
    return { kind: "unreadable" };
  }
}
