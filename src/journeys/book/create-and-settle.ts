import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { PracticePatient } from "../../domain/patient.js";
import { UpstreamError } from "../../platform/errors.js";
import type { JourneyContext } from "../journey-context.js";
import type { BookingForm } from "./booking-form.js";
import type { BookingOutcome, PlacedAppointment } from "./booking-outcome.js";

export interface CreateRequest {
  readonly practice: DirectoryEntry;
  readonly patient: PracticePatient;
  readonly form: BookingForm;
}

/**
 * Step 6: book. The POST is sent once. Whatever ends unclearly is settled by reading the patient's appointments
 * back and matching patient, slots and booking organisation; so is every 409, which may mean that our own
 * booking stands (design section 9). "Not booked" is said only after a definite refusal.
 */
export async function createAndSettle(
  request: CreateRequest,
  context: JourneyContext,
): Promise<BookingOutcome> {
  try {
    const record = await create(request, context);
    return booked(record, request, context, false);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return settle(error, request, context);
  } finally {
    context.loaders.forgetPracticeAnswers();
  }
}

function create(
  { practice, patient, form }: CreateRequest,
  context: JourneyContext,
): Promise<PracticeAppointment> {
  const [first] = form.slots;
  return context.gpConnect.createAppointment(
    practice,
    {
      patientId: patient.id,
      nhsNumber: form.nhsNumber,
      slots: form.slots.map(({ slotId, start, end }) => ({ id: slotId, start, end })),
      locationId: first.locationId,
      practitionerId: first.practitionerId,
      description: form.description,
      comment: form.comment,
      organisationType: first.organisationType,
    },
    context.call,
  );
}

/** Reading back goes on although the caller has gone away: somebody must learn what became of the booking. */
const SETTLE_MS = 10_000;

async function settle(
  error: UpstreamError,
  request: CreateRequest,
  context: JourneyContext,
): Promise<BookingOutcome> {
  const taken = error.httpStatus === 409;
  if (!taken && !error.outcomeUnknown) {
    if (error.reason === "REFERENCE_NOT_FOUND") return gone();
    throw error;
  }
  const standing = await readBack(request, context).catch(() => "unreadable" as const);
  if (typeof standing === "object") return booked(standing, request, context, true);
  return taken && standing === "absent" ? gone() : { kind: "outcome-unknown" };
}

/** Our own booking among the patient's appointments of that day, if it stands. */
async function readBack(
  { practice, patient, form }: CreateRequest,
  context: JourneyContext,
): Promise<PracticeAppointment | "absent"> {
  const day = toLondonDate(Date.parse(form.slots[0].start));
  const call = { ...context.call, signal: AbortSignal.timeout(SETTLE_MS) };
  const appointments = await context.gpConnect.fetchAppointments(
    practice,
    patient.id,
    { from: day, to: day },
    call,
    { nhsNumber: form.nhsNumber },
  );
  const wanted = form.slots.map(({ slotId }) => slotId).sort();
  const ours = context.call.caller.organisation.odsCode;
  return (
    appointments.find(
      ({ status, slotIds, bookingOrganisation }) =>
        status === "booked" &&
        bookingOrganisation?.odsCode === ours &&
        slotIds.length === wanted.length &&
        [...slotIds].sort().every((id, index) => id === wanted[index]),
    ) ?? "absent"
  );
}

function gone(): BookingOutcome {
  return {
    kind: "slot-unavailable",
    code: "SLOT_UNAVAILABLE",
    message: "The slot is no longer free. Search again.",
  };
}

function booked(
  record: PracticeAppointment,
  { practice, form }: CreateRequest,
  { clock }: JourneyContext,
  recovered: boolean,
): BookingOutcome {
  const appointment: PlacedAppointment = {
    odsCode: practice.odsCode,
    nhsNumber: form.nhsNumber,
    record,
    fetchedAt: clock.now(),
  };
  return { kind: "booked", appointment, recovered };
}
