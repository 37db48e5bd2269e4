import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { UpstreamError } from "../../platform/errors.js";
import type { ReceivedAppointment } from "../../upstreams/ssp/index.js";
import { outliving } from "../commands/outliving.js";
import type { JourneyContext } from "../journey-context.js";
import { readAppointment } from "../read-appointment.js";
import type { HeldChange } from "./change-intent.js";
import type { ChangeOutcome } from "./change-outcome.js";
import {
  recordChanged,
  recordFulfilled,
  recordNotFound,
  recordUnknownChange,
  refuseChange,
  unknownChange,
} from "./ended-change.js";
import { bearsOurMark, isFulfilled, sendWish } from "./wish.js";

export interface ReadyToChange {
  readonly kind: "ready";
  readonly practice: DirectoryEntry;
  readonly received: ReceivedAppointment;
}

/** Each ask sends a change at most so often, the second time only after reading showed it unchanged. */
const MOST_SENDS = 2;

/**
 * Sends the change. After an unclear end the appointment is read again: as wished means done; the same version means
 * that it may be sent once more; anything else has changed meanwhile. From the moment that it leaves, the caller's going
 * away ends nothing.
 *
 * @throws UpstreamError when nothing has been changed.
 */
export async function sendChange(
  first: HeldChange,
  { practice, received }: ReadyToChange,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  const { reference, wish, version } = first.intent.asked;
  let held = first;
  let base = received;
  for (let sent = 1; ; sent += 1) {
    const end = await send(held, { practice, received: base }, context);
    if (end.kind === "done") return recordFulfilled(held, end.appointment, context);
    if (end.kind === "refused") return refuseChange(held, end.error, context);
    const isConflict = end.kind === "conflict";
    if (!isConflict) context.commands.noteUnclearEnd(held);

    const now = await readAppointment(practice, reference, outliving(context)).catch(
      () => "unreadable" as const,
    );
    if (now === "unreadable") return recordUnknownChange(held, context);
    if (now === undefined) return recordNotFound(held, context);
    const { appointment } = now;
    const isDone =
      isConflict && sent === 1 ? bearsOurMark(wish, appointment) : isFulfilled(wish, appointment);
    if (isDone) return recordFulfilled(held, appointment, context);
    if (appointment.versionId !== version) return recordChanged(held, appointment, context);
    if (end.kind === "conflict") return refuseChange(held, end.error, context);
    if (sent === MOST_SENDS || context.call.signal.aborted) return recordUnknownChange(held, context);
    const again = await sendingAgain(held, context);
    if (again === undefined) return unknownChange(held.intent.asked);
    held = again;
    base = now;
  }
}

async function sendingAgain(
  held: HeldChange,
  { commands, clock }: JourneyContext,
): Promise<HeldChange | undefined> {
  const { intent } = held;
  const sends = [...intent.sends, { at: clock.now(), end: "open" } as const];
  const state = { name: "sending", until: commands.lease() } as const;
  return commands.intents.replace(held, { ...intent, sends, state }).catch(() => undefined);
}

type SendEnd =
  | { readonly kind: "done"; readonly appointment: PracticeAppointment }
  /** 409 or 412: it is not in the version that the change is based on. */
  | { readonly kind: "conflict"; readonly error: UpstreamError }
  | { readonly kind: "refused"; readonly error: UpstreamError }
  | { readonly kind: "unclear" };

async function send(
  { intent }: HeldChange,
  { practice, received }: Omit<ReadyToChange, "kind">,
  context: JourneyContext,
): Promise<SendEnd> {
  const { wish, reference } = intent.asked;
  try {
    return { kind: "done", appointment: await sendWish(wish, practice, received, reference, context) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) return { kind: "unclear" };
    if (error.httpStatus === 409 || error.httpStatus === 412) {
      return { kind: "conflict", error };
    }
    return error.outcomeUnknown ? { kind: "unclear" } : { kind: "refused", error };
  } finally {
    context.loaders.clearPracticeResponses();
  }
}
