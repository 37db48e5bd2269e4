import type { AppointmentList } from "../domain/appointment.js";
import type { NhsNumber } from "../domain/nhs-number.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { PracticePatient } from "../domain/patient.js";
import type { Location, Practitioner } from "../domain/slot.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { GpConnectClient } from "../upstreams/ssp/index.js";
import { upstreamError } from "../upstreams/upstream-errors.js";
import type { AtPractice } from "./at-practice.js";
import { createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";

export interface PracticePatientKey {
  readonly odsCode: OdsCode;
  readonly nhsNumber: NhsNumber;
}

export interface AppointmentsKey extends PracticePatientKey {
  /** London dates, both included. */
  readonly from: string;
  readonly to: string;
}

/** A resource by its logical id, which is unique at that practice only. */
export interface PracticeResourceKey {
  readonly odsCode: OdsCode;
  readonly id: string;
}

/** What practices hold of people and places. Never cached beyond the request (`no-store`). */
export interface PracticeRecordLoaders {
  /** The patient's record at a practice; undefined when the practice has none. */
  readonly practicePatient: KeyedLoader<PracticePatientKey, PracticePatient | undefined>;
  /** Empty when the practice does not know the patient, or has no appointments in the range. */
  readonly appointments: KeyedLoader<AppointmentsKey, AppointmentList>;
  readonly location: KeyedLoader<PracticeResourceKey, Location>;
  readonly practitioner: KeyedLoader<PracticeResourceKey, Practitioner>;
}

export function createPracticeRecordLoaders(
  context: CallContext,
  atPractice: AtPractice,
  gpConnect: GpConnectClient,
): PracticeRecordLoaders {
  const practicePatient = createKeyedLoader(
    ({ odsCode, nhsNumber }: PracticePatientKey) => `${odsCode} ${nhsNumber}`,
    async ({ odsCode, nhsNumber }) => {
      const found = await atPractice(odsCode, (practice) =>
        gpConnect.findPatient(practice, nhsNumber, context),
      );
      const deceased = found.find((patient) => patient.deceased);
      if (deceased) return deceased;
      // An inactive record beside an active one is a former registration.
      const active = found.filter((patient) => patient.active !== false);
      const [patient, ...others] = active.length > 0 ? active : found;
      if (others.length > 0) throw severalRecords();
      return patient;
    },
  );
  const appointments = createKeyedLoader(
    ({ odsCode, nhsNumber, from, to }: AppointmentsKey) => `${odsCode} ${nhsNumber} ${from} ${to}`,
    async ({ odsCode, nhsNumber, from, to }) => {
      const patient = await practicePatient.load({ odsCode, nhsNumber });
      if (patient === undefined) return { appointments: [], warnings: [], isComplete: true };
      return atPractice(odsCode, (practice) =>
        gpConnect.fetchAppointments(practice, patient.id, { from, to }, context, { nhsNumber }),
      );
    },
  );
  const byId = ({ odsCode, id }: PracticeResourceKey) => `${odsCode} ${id}`;
  const location = createKeyedLoader(byId, ({ odsCode, id }) =>
    atPractice(odsCode, (practice) => gpConnect.readLocation(practice, id, context)),
  );
  const practitioner = createKeyedLoader(byId, ({ odsCode, id }) =>
    atPractice(odsCode, (practice) => gpConnect.readPractitioner(practice, id, context)),
  );
  return { practicePatient, appointments, location, practitioner };
}

/** Never take the first of several: it may be somebody else's record (assurance notes, FPA-01/2). */
function severalRecords() {
  return upstreamError({
    service: "PROVIDER",
    code: "UPSTREAM_BAD_RESPONSE",
    reason: "SEVERAL_RECORDS_AT_PRACTICE",
    retryable: false,
  });
}
