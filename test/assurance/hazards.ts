import { type Hazard, hazard } from "./hazard.js";

/** Hazards of the national log that such a server can cause or prevent, with their numbers there. */
const FROM_THE_LOG: readonly Hazard[] = [
  hazard(
    "HAZ-53",
    "Another user books the slot that a user is viewing",
    "The practice decides: a taken slot has its own result; slots are never cached",
    ["src/commands/persist-outcome.ts", "SlotUnavailable.code"],
  ),
  hazard(
    "HAZ-49",
    "The user does not learn that a patient did not attend",
    "Software cannot prevent it. The status of today's appointments is returned as sent; the schema says that booked does not mean attended",
    ["src/journeys/read-appointment.ts", "Appointment.status"],
  ),
  hazard(
    "HAZ-11",
    "The practice's data is misunderstood",
    "Resources are joined by type and id, never by position; codes are open; texts are unchanged",
    ["src/upstreams/ssp/map-slots.ts", "CodedValue.code"],
  ),
  hazard(
    "HAZ-21-59",
    "Practice systems send different data",
    "Optional data is nullable; both spellings are read; past slots are removed",
    ["src/upstreams/ssp/map-slots.ts", "src/upstreams/ssp/map-appointment.ts"],
  ),
  hazard(
    "HAZ-36",
    "A fault removes a part of the data",
    "If a call fails or its response is incomplete, the whole list is null with an error; a single unusable entry is left out and counted in a warning; each practice fails alone",
    ["src/graph/slot/practice-slots.resolver.ts", "src/loaders/slots.loader.ts"],
  ),
  hazard(
    "HAZ-38",
    "There is no data, for a reason other than a fault",
    "An empty list is not null; a refusal has its reason; the response has the range",
    ["src/domain/refusal-words.ts", "PracticeRefused.code", "SlotSearch.from"],
  ),
  hazard(
    "HAZ-42",
    "A patient's dissent stops an appointment, or a refusal is bypassed",
    "The graph does not check dissent; it reports a practice's refusal; nothing in the schema overrides it",
    ["src/journeys/practice-refusals.ts"],
  ),
  hazard(
    "HAZ-43",
    "A practice is unavailable, for example while it changes its supplier",
    "One new look-up if the proxy reports a changed address; errors say whether a retry can help; readiness shows what is down",
    ["src/loaders/at-practice.ts", "src/server/upstream-health.ts"],
  ),
  hazard(
    "HAZ-46",
    "Old data looks current",
    "Each result has the time of its fetch, also from the cache; slots and appointments are never cached",
    [
      "Patient.fetchedAt",
      "SlotSearch.fetchedAt",
      "Appointment.fetchedAt",
      "src/loaders/practice-record.loader.ts",
    ],
  ),
  hazard(
    "HAZ-47",
    "The search was too narrow, and nobody noticed",
    "Defaults are documented, the response has the range, and a search says how far it went",
    ["SlotSearch.searchedUntil", "SlotSearch.warnings"],
  ),
  hazard(
    "HAZ-100",
    "A filter removes what was needed",
    "Filters apply only on request; withheld slots are counted, with unknown values separate",
    ["src/domain/slot-filter.ts", "SlotSearch.withheldByFilter"],
  ),
  hazard(
    "HAZ-99",
    "A result is read as covering more than the query",
    "A list of appointments names its practice; no field covers all practices",
    ["AppointmentSearch.practice", "Patient.appointments"],
  ),
  hazard(
    "HAZ-51",
    "The source of the data is unclear",
    "Each slot and appointment names its practice and location",
    ["Slot.practice", "Slot.location", "Appointment.practice", "Appointment.bookedBy"],
  ),
  hazard(
    "HAZ-52",
    "Data changes its meaning in transit",
    "Texts are unchanged, including line breaks. A time has the London offset of its instant; the text that the practice sent goes back to it",
    ["src/upstreams/ssp/map-appointment.ts", "src/upstreams/ssp/booking-body.ts"],
  ),
  hazard(
    "HAZ-16-18-33",
    "Incomplete data is used as complete",
    "All includes are always requested; a bundle with a next page or too few entries is refused; a slot without its location is left out and counted in a warning",
    ["src/upstreams/ssp/slot-query.ts", "src/upstreams/ssp/map-slots.ts"],
  ),
  hazard(
    "HAZ-19-48",
    "A command takes effect twice",
    "The intent and a claim on its slots are stored before the create. After an unclear end nothing is sent again until the late-commit bound has passed and a read-back shows it absent; one key sends five creates at most",
    ["src/commands/command-engine.ts", "BookAppointmentInput.idempotencyKey"],
  ),
  hazard(
    "HAZ-32",
    "The practice withheld something, and the user does not learn it",
    "Warnings with slots are returned in our own words; warnings with appointments have a field as well; a response that reports an error is not used",
    ["src/upstreams/ssp/bundle-warnings.ts", "SlotSearch.warnings", "AppointmentSearch.warnings"],
  ),
  hazard(
    "HAZ-61",
    "Data is fetched that was not requested",
    "Fields that are not selected are not fetched; only mapped fields are returned",
    ["src/graph/patient/chargeable-status-look-ahead.ts", "src/loaders/create-loaders.ts"],
  ),
];

/** Further hazards that such a server can cause. */
const OF_OUR_OWN: readonly Hazard[] = [
  hazard(
    "HAZ-WRONG-PATIENT",
    "An appointment is made for another patient",
    "A practice's patient id is used for that practice and number only; several records, or differences, stop the booking; a response about another patient, or about none, is refused",
    [
      "src/loaders/practice-record.loader.ts",
      "src/journeys/compare-demographics.ts",
      "src/upstreams/ssp/right-patient.ts",
    ],
  ),
  hazard(
    "HAZ-WRONG-TIME",
    "The patient comes at the wrong time",
    "The offset is London's on that date, never today's; the instant is the practice's",
    ["src/domain/london-time.ts", "Slot.start"],
  ),
  hazard(
    "HAZ-WRONG-PLACE",
    "The patient comes to the wrong location, or uses the wrong channel",
    "Location and delivery channel can always be selected; slots that are booked together share both",
    ["src/domain/adjacent-slots.ts", "Appointment.location", "Appointment.deliveryChannel"],
  ),
  hazard(
    "HAZ-FALSE-FAILURE",
    "A booking that exists is reported as failed, or the reverse",
    "An unknown outcome is reported as unknown, with a handle and the time at which it settles; absence is stated only after the late-commit bound",
    ["src/commands/reconcile.ts", "BookingOutcomeUnknown.handle"],
  ),
  hazard(
    "HAZ-OVERWRITE",
    "A change overwrites another user's change",
    "A change is sent with the version that the user saw; another version is accepted only while the content is what we last wrote",
    ["src/journeys/change/read-for-change.ts", "AppointmentChanged.appointment"],
  ),
  hazard(
    "HAZ-REVEALED",
    "The location of a sensitive patient is revealed",
    "Gate G9 applies to each use, with the error of gate G10; a PDS record is cached for minutes only",
    ["src/domain/patient-gates.ts", "src/journeys/gates.ts"],
  ),
  hazard(
    "HAZ-STALE",
    "A death or a new number is missed because the record was cached",
    "A PDS record is cached for minutes only, and checked at each use",
    ["src/journeys/trace-patient.ts", "src/loaders/patient.loader.ts"],
  ),
  hazard(
    "HAZ-FREE-TEXT",
    "Free texts contain clinical content",
    "Texts are limited and described as administrative; no log, metric or error contains them",
    ["src/journeys/description-and-comment.ts", "BookAppointmentInput.description"],
  ),
  hazard(
    "HAZ-WRONG-ACTOR",
    "An action is attributed to the wrong person or organisation",
    "The actor comes from the verified token only; each request to a practice has its own token",
    ["src/server/auth/identify.ts", "src/upstreams/ssp/audit-token.ts"],
  ),
];

/** All hazards of the assurance notes, section 4. */
export const HAZARDS: readonly Hazard[] = [...FROM_THE_LOG, ...OF_OUR_OWN];
