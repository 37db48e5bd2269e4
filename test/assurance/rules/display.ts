import { BINDS_PRACTICE, type RuleSection, rule } from "../rule.js";

const both = (...names: string[]) => names.flatMap((name) => [`Slot.${name}`, `Appointment.${name}`]);

/** What a screen must show, in the order of the assurance notes. */
export const DISPLAY: RuleSection = {
  title: "What a screen must show",
  rules: [
    rule("1.8/1", "D", "Start and duration", {
      fields: both("start", "end", "durationMinutes"),
    }),
    rule("1.8/2", "D", "Delivery channel", { fields: both("deliveryChannel") }),
    rule("1.8/3", "D", "Slot type and schedule type", { fields: both("type", "scheduleType") }),
    rule("1.8/4", "D", "Name and address of the location", {
      fields: [...both("location"), "SlotLocation.name", "SlotLocation.address"],
    }),
    rule("1.8/5", "D", "Role of the practitioner", { fields: both("practitionerRole") }),
    rule("1.8/6", "D", "Name and gender of the practitioner", {
      fields: [...both("practitioner"), "SlotPractitioner.name", "SlotPractitioner.gender"],
    }),
    rule("1.8/7", "D", "Name of the service", { fields: both("serviceName") }),
    rule("1.8/8", "D", "Name and ODS code of the practice", {
      fields: [...both("practice"), "Practice.name", "Practice.odsCode"],
    }),
    rule("1.8/9", "D", "Status, and the reason of a cancellation", {
      fields: ["Appointment.status", "Appointment.cancellationReason"],
    }),
    rule("1.8/10", "D", "Description, comment, booking organisation, time of booking", {
      fields: ["description", "comment", "bookedBy", "createdAt"].map((name) => `Appointment.${name}`),
    }),
    rule("1.8/11", "D", "The patient, with enough details for identification", {
      fields: [
        "Appointment.patient",
        "Patient.name",
        "Patient.dateOfBirth",
        "Patient.gender",
        "Patient.address",
      ],
    }),
    rule("1.8/12", "D", "Time of the fetch", {
      fields: ["SlotSearch.fetchedAt", "Appointment.fetchedAt", "AppointmentSearch.fetchedAt"],
    }),
    rule("1.8/13", "D", "Start and end of the searched range", {
      fields: ["SlotSearch.from", "SlotSearch.to", "AppointmentSearch.from", "AppointmentSearch.to"],
    }),
  ],
};

/** The same in winter, in summer, and on the weekends on which the clocks change. */
export const DOUBLE_RUN: RuleSection = {
  title: "Summer and winter time",
  rules: [
    rule("1.9/1", "S", "Searches send the offset of each date, percent-encoded"),
    rule("1.9/2", "S", "Times keep the wall time and offset that the practice sent"),
    rule("1.9/3", "S", "A booking repeats the strings of the search; created has the current offset"),
    rule("1.9/4", "S", "Two weeks across a clock change are two weeks without a gap"),
    rule("1.9/5", "S", "Today is the current date in London"),
    rule("1.9/6", "S", "The future is decided by instants, not by wall times"),
    rule("1.9/7", "P", "Refuses Z, a missing offset or a wrong one", {
      note: BINDS_PRACTICE,
    }),
  ],
};
