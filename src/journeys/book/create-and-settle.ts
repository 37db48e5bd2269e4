import type { UpstreamError } from "../../platform/errors.js";
import { upstreamError } from "../../upstreams/upstream-errors.js";
import { askedBy } from "../commands/asked-by.js";
import { answerInTime } from "../commands/background.js";
import { type NamedCommand, requireSameContent } from "../commands/command-key.js";
import { outliving } from "../commands/outliving.js";
import { unlessOpen } from "../commands/unless-open.js";
import type { JourneyContext } from "../journey-context.js";
import { readBack } from "../settle/own-bookings.js";
import { recordCreated, recordFound, recordUnknown } from "../settle/recorded-booking.js";
import { askedBefore } from "./asked-before.js";
import { asBooking, type BookingIntent, type HeldBooking, unknownOutcome } from "./booking-intent.js";
import type { BookingOutcome } from "./booking-outcome.js";
import { refuse, slotTaken } from "./refused-create.js";
import { type ReadyToBook, sendCreate } from "./send-create.js";

/** Each ask sends the create at most so often, the second time only after reading back showed it absent. */
const MOST_SENDS = 2;

/**
 * Step 6: book (design section 9). The intent is written down and confirmed, then the create leaves; from that moment
 * neither the caller's going away nor the deadline ends it or its settling, and at the deadline the caller is told that
 * the outcome is not known.
 *
 * @param before the intent of an earlier ask under the key, which reading back has shown to be absent.
 * @throws UpstreamError when nothing has been booked and nothing will be.
 */
export async function createAndSettle(
  ready: ReadyToBook,
  command: NamedCommand,
  before: HeldBooking | undefined,
  context: JourneyContext,
): Promise<BookingOutcome> {
  const { commands, call } = context;
  const taken = await unlessOpen<BookingOutcome, Taken>(
    before,
    () => unknownOutcome(command),
    async () => ({ kind: "ready", held: await takeUpInTime(ready, command, before, context) }),
  );
  if (taken.kind !== "ready") return taken;
  const { held } = taken;
  if (held === undefined) return answerOfTheOther(command, context);
  const work = commands.background.run(command.key, () => sendAndSettle(held, ready, context));
  return answerInTime(work, call.signal, () => unknownOutcome(held.intent.asked));
}

/** What came of taking the command up. */
interface Taken {
  readonly kind: "ready";
  /** Undefined when somebody else is at work on the key, or has been in the meantime. */
  readonly held: HeldBooking | undefined;
}

/** @throws UpstreamError when the caller has gone before anything left, or it cannot be written down. */
async function takeUpInTime(
  ready: ReadyToBook,
  command: NamedCommand,
  before: HeldBooking | undefined,
  context: JourneyContext,
): Promise<HeldBooking | undefined> {
  const held = await takeUp(ready, command, before, context);
  if (held && context.call.signal.aborted) {
    await putBack(held, before, context);
    throw tooLate();
  }
  return held;
}

async function takeUp(
  ready: ReadyToBook,
  command: NamedCommand,
  before: HeldBooking | undefined,
  context: JourneyContext,
): Promise<HeldBooking | undefined> {
  const { commands, call, clock } = context;
  if (call.signal.aborted) throw tooLate();
  const { form, record, registration = before?.intent.asked.registration } = ready;
  const intent: BookingIntent = {
    kind: "book",
    content: command.content,
    asked: {
      ...askedBy(command.handle, call),
      nhsNumber: record.nhsNumber,
      odsCode: form.odsCode,
      slots: form.slots,
      description: form.description,
      comment: form.comment,
      registration,
    },
    sends: [...(before?.intent.sends ?? []), { at: clock.now(), end: "open" }],
    state: { name: "sending", until: commands.lease() },
  };
  if (before) return commands.intents.replace(before, intent);
  const claim = await commands.intents.claim(command.key, intent);
  if (claim.kind === "claimed") return claim.held;
  requireSameContent(asBooking(claim.by), command);
  return undefined;
}

/** Of several asks under one key one sends; the others are told what came of it, or that it is not known yet. */
async function answerOfTheOther(command: NamedCommand, context: JourneyContext): Promise<BookingOutcome> {
  const before = await askedBefore(command, context);
  return before.kind === "answered" ? before.outcome : unknownOutcome(command);
}

/** Nothing has left: the key is as free, or as bound, as it was. */
async function putBack(
  held: HeldBooking,
  before: HeldBooking | undefined,
  { commands }: JourneyContext,
): Promise<void> {
  // What is not put back reads "sending": it is looked after, and found absent.
  if (before) await commands.record(held, before.intent);
  else await commands.intents.remove(held).catch(() => false);
}

async function sendAndSettle(
  first: HeldBooking,
  ready: ReadyToBook,
  context: JourneyContext,
): Promise<BookingOutcome> {
  let held = first;
  for (let sent = 1; ; sent += 1) {
    const end = await sendCreate(ready, context);
    if (end.kind === "created") return recordCreated(held, end.record, context);
    if (end.kind === "refused") return refuse(held, end.error, context);
    if (end.kind === "unclear") context.commands.noteUnclearEnd(held);

    const there = {
      practice: ready.practice,
      patientId: ready.patient.id,
      nhsNumber: ready.record.nhsNumber,
    };
    const back = await readBack(there, held, outliving(context)).catch(() => undefined);
    if (back?.kind === "ours") return recordFound(held, back, context, end.kind === "taken");
    if (back && end.kind === "taken") return slotTaken(held, back, context);
    if (back === undefined || sent === MOST_SENDS || context.call.signal.aborted) {
      return recordUnknown(held, context);
    }
    const again = await sendingAgain(held, context);
    if (again === undefined) return unknownOutcome(held.intent.asked);
    held = again;
  }
}

/** Reading back showed it absent; that it is sent once more is confirmed first, like the first time. */
async function sendingAgain(
  held: HeldBooking,
  { commands, clock }: JourneyContext,
): Promise<HeldBooking | undefined> {
  const { intent } = held;
  const sends = [...intent.sends, { at: clock.now(), end: "open" } as const];
  const state = { name: "sending", until: commands.lease() } as const;
  return commands.intents.replace(held, { ...intent, sends, state }).catch(() => undefined);
}

function tooLate(): UpstreamError {
  return upstreamError({ service: "SSP", code: "UPSTREAM_TIMEOUT", retryable: true });
}
