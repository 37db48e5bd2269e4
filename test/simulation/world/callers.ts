import type { Caller } from "../../../src/domain/caller.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { bookAppointment } from "../../../src/journeys/book/book-appointment.js";
import type { BookingOutcome } from "../../../src/journeys/book/booking-outcome.js";
import { cancelAppointment } from "../../../src/journeys/cancel/cancel-appointment.js";
import type { ChangeOutcome } from "../../../src/journeys/change/change-outcome.js";
import type { JourneyContext } from "../../../src/journeys/journey-context.js";
import { BadUserInputError, UpstreamError } from "../../../src/platform/errors.js";
import type { Told } from "../history.js";
import type { AskPlan } from "../plan.js";
import { PRACTICE } from "./clients.js";
import type { PracticeSlot } from "./practice-book.js";
import { APPOINTMENT_IDS, SLOT_IDS } from "./process.js";

/** Synthetic numbers with a right check digit. */
const NHS_NUMBERS = [
  "999000001",
  "999000002",
  "999000003",
  "999000004",
  "999000005",
  "999000006",
  "999000007",
]
  .map(withCheckDigit)
  .flatMap((number) => number ?? []);

export const CALLERS: readonly Caller[] = ["T82000", "T82001"].map((odsCode) => ({
  person: { localId: "user-7f3a", family: "Lindqvist", given: ["Maja"], prefix: ["Dr"] },
  organisation: {
    odsCode: odsCode as OdsCode,
    name: `Hub ${odsCode}`,
    asid: "200000000115",
    phone: "0300 000 0000",
  },
}));

export function nhsNumberOf({ patient }: Pick<AskPlan, "patient">): string {
  return NHS_NUMBERS[patient % NHS_NUMBERS.length] ?? "";
}

/** Asks for a booking, and takes down what was told in the end. */
export async function askToBook(
  plan: AskPlan,
  key: string | undefined,
  slots: readonly PracticeSlot[],
  context: JourneyContext,
): Promise<Told> {
  const slotIds = slots.map((slot) =>
    SLOT_IDS.encode({
      odsCode: PRACTICE,
      slotId: slot.id,
      start: slot.start,
      end: slot.end,
      scheduleId: "schedule-1",
      locationId: "location-1",
    }),
  );
  const request = {
    nhsNumber: nhsNumberOf(plan),
    slotIds,
    description: plan.text,
    idempotencyKey: key,
    registerIfAbsent: false,
    acknowledgeDiscrepancies: false,
  };
  try {
    return toldOfBooking(await bookAppointment(request, context));
  } catch (error) {
    return toldByError(error, "not-booked");
  }
}

/** Asks for an appointment that was told of to be cancelled. */
export async function askToCancel(
  booked: Extract<Told, { kind: "booked" }>,
  plan: AskPlan,
  key: string,
  context: JourneyContext,
): Promise<Told> {
  const { appointmentId } = booked;
  const nhsNumber = nhsNumberOf(plan) as Parameters<typeof APPOINTMENT_IDS.encode>[0]["nhsNumber"];
  const id = APPOINTMENT_IDS.encode({ odsCode: PRACTICE, appointmentId, nhsNumber });
  const request = { id, version: booked.version, reason: "No longer needed", idempotencyKey: key };
  try {
    return toldOfCancelling(await cancelAppointment(request, context), appointmentId);
  } catch (error) {
    return toldByError(error, "not-cancelled");
  }
}

function toldOfBooking(outcome: BookingOutcome): Told {
  if (outcome.kind === "booked") {
    const { id, status, versionId } = outcome.appointment.record;
    return { kind: "booked", appointmentId: id, status, version: versionId };
  }
  if (outcome.kind === "outcome-unknown") return { kind: "unknown", handle: outcome.handle };
  if ("code" in outcome && outcome.code === "ALREADY_BOOKED_FOR_PATIENT") return { kind: "booked-already" };
  const code = "code" in outcome ? ` ${outcome.code}` : "";
  return { kind: "not-booked", why: `${outcome.kind}${code}` };
}

function toldOfCancelling(outcome: ChangeOutcome, appointmentId: string): Told {
  if (outcome.kind === "done") return { kind: "cancelled", appointmentId };
  if (outcome.kind === "outcome-unknown") return { kind: "unknown", handle: outcome.handle };
  return { kind: "not-cancelled", why: outcome.kind };
}

function toldByError(error: unknown, kind: "not-booked" | "not-cancelled"): Told {
  // These two speak of this one ask only.
  if (error instanceof BadUserInputError) return { kind: "not-sent", why: error.code };
  if (error instanceof UpstreamError) {
    if (error.reason === "INTENT_STORE_UNAVAILABLE") return { kind: "not-sent", why: error.reason };
    return { kind, why: `${error.code} ${error.reason ?? error.httpStatus ?? ""}`.trim() };
  }
  return { kind: "crash", why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function withCheckDigit(nine: string): string | undefined {
  const sum = [...nine].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? undefined : `${nine}${check}`;
}
