import type { SimulatedResponse } from "../http/service.js";
import { addDays, startOfLondonDate, toLondonDate } from "../shared/london-time.js";
import { refuse } from "./outcome.js";
import { isShown } from "./practice-state.js";
import { bundleResponse, type PracticeRequest, resourceResponse } from "./request.js";
import { readResponseResource } from "./stored-appointment.js";

/** Read a future appointment (GP Connect notes, 8.6). */
export function readAppointment({ state, id, nowMs }: PracticeRequest): SimulatedResponse {
  const appointment = state.appointments.get(id);
  if (!appointment) refuse("NO_RECORD_FOUND", "No appointment has this id here");
  if (state.profile.pastRefused && appointment.startMs <= nowMs)
    refuse("INVALID_RESOURCE", "The appointment lies in the past");
  return resourceResponse(readResponseResource(appointment, state.profile));
}

/** Retrieve a patient's appointments from today on, cancelled ones included (GP Connect notes, 8.9). */
export function patientAppointments({ state, id, query, nowMs }: PracticeRequest): SimulatedResponse {
  const patient = state.patients.get(id);
  if (!patient || !isShown(patient)) refuse("PATIENT_NOT_FOUND", "No patient has this id here");
  const starts = query.getAll("start");
  if (starts.length !== 2) refuse("INVALID_PARAMETER", "Exactly two start parameters are needed");
  const from = readDate(starts, "ge");
  const to = readDate(starts, "le");
  if (to < from) refuse("INVALID_PARAMETER", "The range ends before it begins");
  if (from < toLondonDate(nowMs)) refuse("INVALID_PARAMETER", "The range must not begin before today");
  const fromMs = startOfLondonDate(from);
  const beforeMs = startOfLondonDate(addDays(to, 1));
  const found = [...state.appointments.values()].filter(
    ({ patientId, startMs }) => patientId === id && startMs >= fromMs && startMs < beforeMs,
  );
  return bundleResponse(
    found.map((appointment) => readResponseResource(appointment, state.profile)),
    state,
  );
}

/** Parses one bound. Only dates are allowed, without a time (8.9). */
function readDate(starts: readonly string[], prefix: "ge" | "le"): string {
  const date = starts.find((one) => one.startsWith(prefix))?.slice(prefix.length) ?? "";
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date) && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date);
  if (!isDate) refuse("INVALID_PARAMETER", `One start must be ${prefix} and a date`);
  return date;
}
