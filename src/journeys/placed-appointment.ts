import type { PracticeAppointment } from "../domain/appointment.js";
import type { NhsNumber } from "../domain/nhs-number.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { Clock } from "../platform/clock.js";

/** An appointment together with its practice and its patient. */
export interface PlacedAppointment {
  readonly odsCode: OdsCode;
  readonly nhsNumber: NhsNumber;
  readonly record: PracticeAppointment;
  /** When the practice gave this state, milliseconds since the epoch. */
  readonly fetchedAt: number;
}

export function toPlacedAppointment(
  { odsCode, nhsNumber }: Pick<PlacedAppointment, "odsCode" | "nhsNumber">,
  record: PracticeAppointment,
  { clock }: { readonly clock: Clock },
): PlacedAppointment {
  return { odsCode, nhsNumber, record, fetchedAt: clock.now() };
}
