import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import type { ChangeOutcome } from "../../src/journeys/change/change-outcome.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import { CommandHarness, PATIENT, PRACTICE } from "./command-harness.js";

/** A harness with one appointment that we booked. */
export interface ChangeHarness {
  readonly harness: CommandHarness;
  readonly appointmentId: string;
  readonly id: string;
}

export async function harnessWithAppointment(): Promise<ChangeHarness> {
  const harness = new CommandHarness();
  const booking = await harness.book();
  if (booking.kind !== "booked") throw new Error("the booking failed");
  const appointmentId = booking.appointment.record.id;
  const id = harness.appointmentIds.encode({
    odsCode: PRACTICE,
    appointmentId,
    nhsNumber: PATIENT,
    patientId: `patient-${PATIENT}`,
  });
  harness.calls.length = 0;
  harness.practice.writes.length = 0;
  return { harness, appointmentId, id };
}

export interface ChangeAsk {
  readonly version?: string;
  readonly idempotencyKey?: string;
  readonly text?: string;
}

/** One way of changing an appointment; most of what is true of one is true of both. */
export interface Way {
  readonly method: "cancelAppointment" | "amendAppointment";
  readonly what: string;
  ask(on: ChangeHarness, request?: ChangeAsk, call?: Partial<CallContext>): Promise<ChangeOutcome>;
  /** The appointment as the change leaves it. */
  readonly requested: object;
}

export const cancel: Way = {
  method: "cancelAppointment",
  what: "cancel",
  ask: ({ harness, id }, { text = "No longer needed", version = "1", ...request } = {}, call = {}) =>
    cancelAppointment({ id, version, reason: text, ...request }, harness.context(call)),
  requested: { status: "cancelled", cancellationReason: "No longer needed" },
};

export const amend: Way = {
  method: "amendAppointment",
  what: "amend",
  ask: ({ harness, id }, { text = "Bring a list", version = "1", ...request } = {}, call = {}) =>
    amendAppointment({ id, version, comment: text, ...request }, harness.context(call)),
  requested: { status: "booked", description: "Review", comment: "Bring a list" },
};
