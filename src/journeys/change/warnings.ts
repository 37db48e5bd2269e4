import type { PracticeAppointment } from "../../domain/appointment.js";
import type { Wish } from "./wish.js";

/** What the person should know of how the practice kept the change. Some systems cut a reason off without a word. */
export function warningsOn(wish: Wish, { cancellationReason }: PracticeAppointment): string[] {
  if (wish.kind !== "cancel") return [];
  const kept = cancellationReason?.length ?? 0;
  if (kept >= wish.reason.length) return [];
  return [
    `The practice kept only ${kept} of the ${wish.reason.length} characters of the reason. Tell it the rest another way.`,
  ];
}
