import { addToDate, startOfLondonDate, toLondonDate } from "../../domain/london-time.js";
import type { Answer } from "../kit/service.js";
import { isShown } from "./book.js";
import { refuse } from "./outcome.js";
import { bundleAnswer, type PracticeRequest, resourceAnswer } from "./request.js";

/** Read an appointment that has not begun (GP Connect notes, 8.6). */
export function readAppointment({ book, id, nowMs }: PracticeRequest): Answer {
  const appointment = book.appointments.get(id);
  if (!appointment) refuse("NO_RECORD_FOUND", "No appointment has this id here");
  if (appointment.startMs <= nowMs) refuse("INVALID_RESOURCE", "The appointment lies in the past");
  return resourceAnswer(appointment.resource);
}

/** A patient's appointments from today on, cancelled ones included (GP Connect notes, 8.9). */
export function patientAppointments({ book, id, query, nowMs }: PracticeRequest): Answer {
  const patient = book.patients.get(id);
  if (!patient || !isShown(patient)) refuse("PATIENT_NOT_FOUND", "No patient has this id here");
  const starts = query.getAll("start");
  if (starts.length !== 2) refuse("INVALID_PARAMETER", "Exactly two start parameters are needed");
  const from = readDate(starts, "ge");
  const to = readDate(starts, "le");
  if (to < from) refuse("INVALID_PARAMETER", "The range ends before it begins");
  if (from < toLondonDate(nowMs)) refuse("INVALID_PARAMETER", "The range must not begin before today");
  const fromMs = startOfLondonDate(from);
  const beforeMs = startOfLondonDate(addToDate(to, { days: 1 }));
  const found = [...book.appointments.values()].filter(
    ({ patientId, startMs }) => patientId === id && startMs >= fromMs && startMs < beforeMs,
  );
  return bundleAnswer(
    found.map(({ resource }) => resource),
    book,
  );
}

/** Dates only here, without a time (8.9). */
function readDate(starts: readonly string[], prefix: "ge" | "le"): string {
  const date = starts.find((one) => one.startsWith(prefix))?.slice(prefix.length) ?? "";
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date) && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date);
  if (!isDate) refuse("INVALID_PARAMETER", `One start must be ${prefix} and a date`);
  return date;
}
