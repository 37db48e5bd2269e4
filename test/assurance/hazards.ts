import { type Hazard, hazard } from "./hazard.js";

/** Hazards of the national log that a server of this kind can cause or prevent, by their numbers there. */
const FROM_THE_LOG: readonly Hazard[] = [
  hazard(
    "HAZ-53",
    "Somebody else books the slot that is being looked at",
    "The practice alone decides: a taken slot is an answer of its own; slots are never cached",
    ["src/commands/persist-outcome.ts", "SlotUnavailable.code"],
  ),
  hazard(
    "HAZ-49",
    "Nobody is told that a patient did not attend",
    "Cannot be closed in software. The status of today's appointments is shown as sent; the schema says that booked is not attended",
    ["src/journeys/read-appointment.ts", "Appointment.status"],
  ),
  hazard(
    "HAZ-11",
    "What the practice sent is misunderstood",
    "Resources are joined by type and id, never by place; codes are open; texts unaltered",
    ["src/upstreams/ssp/map-slots.ts", "CodedValue.code"],
  ),
  hazard(
    "HAZ-21-59",
    "Practices' systems do not send alike",
    "What may be absent is nullable; both spellings are read; past slots are left out",
    ["src/upstreams/ssp/map-slots.ts", "src/upstreams/ssp/map-appointment.ts"],
  ),
  hazard(
    "HAZ-36",
    "A fault takes a part of the data away",
    "A part that fails makes the whole list null with an error; each practice fails alone",
    ["src/graph/slot/practice-slots.resolver.ts", "src/loaders/slots.loader.ts"],
  ),
  hazard(
    "HAZ-38",
    "There are no data, and the reason is not a fault",
    "An empty list is not null; a refusal has its reason; the answer carries the range",
    ["src/domain/refusal-words.ts", "PracticeRefused.code", "SlotSearch.from"],
  ),
  hazard(
    "HAZ-42",
    "A patient's dissent stops an appointment, or a refusal is got round",
    "Dissent is not asked about; a practice's refusal is passed on; nothing in the schema overrides it",
    ["src/journeys/practice-refusals.ts"],
  ),
  hazard(
    "HAZ-43",
    "Everything is unavailable, as while a practice changes its supplier",
    "One fresh look-up when the proxy says that the address changed; errors say whether to try again; readiness tells what is down",
    ["src/loaders/at-practice.ts", "src/server/upstream-health.ts"],
  ),
  hazard(
    "HAZ-46",
    "Old data look live",
    "Each answer says when it was fetched, a cached one its own time; slots and appointments are never cached",
    [
      "Patient.fetchedAt",
      "SlotSearch.fetchedAt",
      "Appointment.fetchedAt",
      "src/loaders/practice-record.loader.ts",
    ],
  ),
  hazard(
    "HAZ-47",
    "Too little was asked for, and nobody noticed",
    "Defaults are documented, the asked range comes back, and a search tells how far it looked",
    ["SlotSearch.searchedUntil", "SlotSearch.warnings"],
  ),
  hazard(
    "HAZ-100",
    "A filter holds back what was needed",
    "Nothing is filtered unasked; what a filter holds back is counted, unknown values apart",
    ["src/domain/slot-filter.ts", "SlotSearch.withheldByFilter"],
  ),
  hazard(
    "HAZ-99",
    "An answer is taken to cover more than the question",
    "A list of appointments names its practice; no field speaks for all practices",
    ["AppointmentSearch.practice", "Patient.appointments"],
  ),
  hazard("HAZ-51", "The source is unclear", "Each slot and appointment names its practice and place", [
    "Slot.practice",
    "Slot.location",
    "Appointment.practice",
    "Appointment.bookedBy",
  ]),
  hazard(
    "HAZ-52",
    "Meaning is lost on the way",
    "Texts and times pass unchanged, line breaks and offsets included",
    ["src/upstreams/ssp/map-appointment.ts", "src/upstreams/ssp/booking-body.ts"],
  ),
  hazard(
    "HAZ-16-18-33",
    "What is incomplete is used as if complete",
    "All includes are always asked for; a slot without its place makes the answer unusable",
    ["src/upstreams/ssp/slot-query.ts", "src/upstreams/ssp/map-slots.ts"],
  ),
  hazard(
    "HAZ-19-48",
    "Something is done twice",
    "The intent is written down before the create; an unclear end is read back; a create is sent twice at most, under one key",
    ["src/commands/command-engine.ts", "BookAppointmentInput.idempotencyKey"],
  ),
  hazard(
    "HAZ-32",
    "The practice held something back, and the user is not told",
    "Warnings beside slots reach the caller in words of ours; an answer that reports an error is not used. Warnings beside appointments or patients have no place in the schema yet",
    ["src/upstreams/ssp/bundle-warnings.ts", "SlotSearch.warnings"],
  ),
  hazard(
    "HAZ-61",
    "Data are fetched that nobody asked for",
    "What is not selected is not fetched; only mapped fields leave",
    ["src/graph/patient/chargeable-status-look-ahead.ts", "src/loaders/create-loaders.ts"],
  ),
];

/** Hazards that such a server can cause by itself. */
const OF_OUR_OWN: readonly Hazard[] = [
  hazard(
    "HAZ-WRONG-PATIENT",
    "An appointment is made for somebody else",
    "A practice's patient id serves for that practice and number only; several records and differences stop the booking",
    ["src/loaders/practice-record.loader.ts", "src/journeys/compare-demographics.ts"],
  ),
  hazard(
    "HAZ-WRONG-TIME",
    "The patient comes at the wrong time",
    "The offset of the date itself, never today's; practices' times pass unchanged",
    ["src/domain/london-time.ts", "Slot.start"],
  ),
  hazard(
    "HAZ-WRONG-PLACE",
    "The patient comes to the wrong place, or the wrong way",
    "Place and delivery channel are always there to select; slots booked together share both",
    ["src/domain/adjacent-slots.ts", "Appointment.location", "Appointment.deliveryChannel"],
  ),
  hazard(
    "HAZ-FALSE-FAILURE",
    "A booking that stands is called failed, or the reverse",
    "What is not known is said to be unknown, with a handle that settles it",
    ["src/commands/reconcile.ts", "BookingOutcomeUnknown.handle"],
  ),
  hazard(
    "HAZ-OVERWRITE",
    "A change overwrites somebody else's",
    "A change is sent with the version that the user saw",
    ["src/journeys/change/read-for-change.ts", "AppointmentChanged.appointment"],
  ),
  hazard(
    "HAZ-REVEALED",
    "Where a sensitive patient is, is revealed",
    "Gate G9 on each use, with the answer of gate G10; a record of PDS is kept for minutes",
    ["src/domain/patient-gates.ts", "src/journeys/gates.ts"],
  ),
  hazard(
    "HAZ-STALE",
    "A death or a new number is overlooked, since the record was cached",
    "A record of PDS is kept for minutes, and judged again at each use",
    ["src/journeys/trace-patient.ts", "src/loaders/patient.loader.ts"],
  ),
  hazard(
    "HAZ-FREE-TEXT",
    "Clinical content gets into free texts",
    "Texts are limited and described as administrative; no log, metric or error holds them",
    ["src/journeys/description-and-comment.ts", "BookAppointmentInput.description"],
  ),
  hazard(
    "HAZ-WRONG-ACTOR",
    "An act is put down to the wrong person or organisation",
    "Who acts comes from the verified token only; each request to a practice has a token of its own",
    ["src/server/auth/identify.ts", "src/upstreams/ssp/audit-token.ts"],
  ),
];

/** All hazards of the assurance notes, section 4. */
export const HAZARDS: readonly Hazard[] = [...FROM_THE_LOG, ...OF_OUR_OWN];
