import { BINDS_PRACTICE, type RuleSection, rule } from "../rule.js";

const both = (...names: string[]) => names.flatMap((name) => [`Slot.${name}`, `Appointment.${name}`]);

/** What a screen has to show, in the order of the assurance notes. */
export const DISPLAY: RuleSection = {
  title: "What a screen has to show",
  rules: [
    rule("1.8/1", "D", "When it begins, and how long it lasts", {
      fields: both("start", "end", "durationMinutes"),
    }),
    rule("1.8/2", "D", "How the patient is seen", { fields: both("deliveryChannel") }),
    rule("1.8/3", "D", "Kind of slot, kind of session", { fields: both("type", "scheduleType") }),
    rule("1.8/4", "D", "Name and address of the place", {
      fields: [...both("location"), "SlotLocation.name", "SlotLocation.address"],
    }),
    rule("1.8/5", "D", "What the practitioner works as", { fields: both("practitionerRole") }),
    rule("1.8/6", "D", "Who the practitioner is", {
      fields: [...both("practitioner"), "SlotPractitioner.name", "SlotPractitioner.gender"],
    }),
    rule("1.8/7", "D", "Name of the service", { fields: both("serviceName") }),
    rule("1.8/8", "D", "Name and ODS code of the practice", {
      fields: [...both("practice"), "Practice.name", "Practice.odsCode"],
    }),
    rule("1.8/9", "D", "Whether it stands, and if not, why", {
      fields: ["Appointment.status", "Appointment.cancellationReason"],
    }),
    rule("1.8/10", "D", "Texts, booking organisation, time of booking", {
      fields: ["description", "comment", "bookedBy", "createdAt"].map((name) => `Appointment.${name}`),
    }),
    rule("1.8/11", "D", "The patient, enough to be sure who it is", {
      fields: [
        "Appointment.patient",
        "Patient.name",
        "Patient.dateOfBirth",
        "Patient.gender",
        "Patient.address",
      ],
    }),
    rule("1.8/12", "D", "How fresh the data are", {
      fields: ["SlotSearch.fetchedAt", "Appointment.fetchedAt", "AppointmentSearch.fetchedAt"],
    }),
    rule("1.8/13", "D", "From when to when the question went", {
      fields: ["SlotSearch.from", "SlotSearch.to", "AppointmentSearch.from", "AppointmentSearch.to"],
    }),
  ],
};

/** The same in winter, in summer, and on the weekends on which the clocks change. */
export const DOUBLE_RUN: RuleSection = {
  title: "Summer and winter time",
  rules: [
    rule("1.9/1", "S", "Searches carry the offset of each date, percent-encoded"),
    rule("1.9/2", "S", "Times come out with the wall time and offset with which they came in"),
    rule("1.9/3", "S", "A booking repeats the strings of the search; created has the offset of now"),
    rule("1.9/4", "S", "Two weeks across a change are two weeks, without a gap"),
    rule("1.9/5", "S", "Today is London's"),
    rule("1.9/6", "S", "The future is told by instants"),
    rule("1.9/7", "P", "Z, no offset or the wrong one is refused", {
      note: BINDS_PRACTICE,
    }),
  ],
};
