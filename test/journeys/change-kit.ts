import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import type { ChangeOutcome } from "../../src/journeys/change/change-outcome.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import { CommandBench, PATIENT, PRACTICE } from "./command-bench.js";

/** A bench with one appointment that we booked. */
export interface ChangeBench {
  readonly bench: CommandBench;
  readonly appointmentId: string;
  readonly id: string;
}

export async function benchWithAppointment(): Promise<ChangeBench> {
  const bench = new CommandBench();
  const booking = await bench.book();
  if (booking.kind !== "booked") throw new Error("the booking failed");
  const appointmentId = booking.appointment.record.id;
  const id = bench.appointmentIds.encode({ odsCode: PRACTICE, appointmentId, nhsNumber: PATIENT });
  bench.calls.length = 0;
  bench.practice.writes.length = 0;
  return { bench, appointmentId, id };
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
  ask(on: ChangeBench, request?: ChangeAsk, call?: Partial<CallContext>): Promise<ChangeOutcome>;
  /** The appointment as the change leaves it. */
  readonly wished: object;
}

export const cancel: Way = {
  method: "cancelAppointment",
  what: "cancel",
  ask: ({ bench, id }, { text = "No longer needed", version = "1", ...request } = {}, call = {}) =>
    cancelAppointment({ id, version, reason: text, ...request }, bench.context(call)),
  wished: { status: "cancelled", cancellationReason: "No longer needed" },
};

export const amend: Way = {
  method: "amendAppointment",
  what: "amend",
  ask: ({ bench, id }, { text = "Bring a list", version = "1", ...request } = {}, call = {}) =>
    amendAppointment({ id, version, comment: text, ...request }, bench.context(call)),
  wished: { status: "booked", description: "Review", comment: "Bring a list" },
};
