import { type RuleSection, rule } from "../rule.js";

const TIMETABLE = "the practice decides what it offers to whom; what comes is taken as it comes";
const DIRECTORY = "screens, switches and lists of practices and of the Directory of Services";
const serviceScreens = ["US07", "US08", "US09", "US10", "US11", "US12", "US13", "US14", "US15"];
const serviceRollOut = ["US16", "US17", "US18", "US19"];

/** User stories of appointment management and of service filtering. */
export const STORIES: RuleSection = {
  title: "User stories",
  rules: [
    rule("GPC-AMUS-AAC-1", "P", "Slots are marked as bookable from outside", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-2", "P", "Slots kept for organisations", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-3", "P", "Slots kept for types of organisation", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-5", "P", "Slots kept for urgent care", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-4", "P", "Limits on slots of a session", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-6", "P", "How soon, and how long ahead, a slot can be booked", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-7", "P, D", "Roles and ways of being seen come from national lists", {
      fields: ["Slot.deliveryChannel", "CodedValue.code", "CodedValue.display", "CodedValue.system"],
      note: "the lists are open: a code that we do not know is shown as it is",
    }),
    rule("GPC-AMUS-BPA-1", "S", "What several practices have free in the next fortnight"),
    rule("GPC-AMUS-BPA-1-1", "S", "What one practice has free"),
    rule("GPC-AMUS-BPA-1-2", "S", "Slots open to the caller's organisation"),
    rule("GPC-AMUS-BPA-1-3", "S", "Slots open to the caller's type of organisation"),
    rule("GPC-AMUS-BPA-1-4", "S", "Slots open to urgent care"),
    rule("GPC-AMUS-BPA-1-5", "S", "Slots of one service that the Directory of Services knows"),
    rule("GPC-AMUS-BPA-1-6", "S", "What comes is taken, and a booking may be refused all the same"),
    rule("GPC-AMUS-BPA-1-7", "D", "The patient's preferred branch can come first", {
      fields: ["SlotLocation.id", "Patient.preferredBranchId"],
    }),
    rule("GPC-AMUS-BPA-2-3", "D", "The preferred branch is known while slots are chosen", {
      fields: ["SlotLocation.id", "Patient.preferredBranchId"],
    }),
    rule("GPC-AMUS-BPA-2", "S", "Several slots in a row can be chosen"),
    rule("GPC-AMUS-BPA-2-1", "S", "Slots in a row belong to one session"),
    rule("GPC-AMUS-BPA-2-2", "–", "Slots for home visits", {
      note: "not offered by GP Connect; an appointment of that kind is read-only",
    }),
    rule("GPC-AMUS-BPA-2-4", "D", "A slot outside the wanted time can be warned of", {
      fields: ["Slot.start"],
    }),
    rule("GPC-AMUS-BPA-3", "S", "A slot held without being booked", {
      notUsed: "GP Connect has no hold: book, and cancel later; no field promises one",
    }),
    rule("GPC-AMUS-BPA-4", "S", "Booked, whether or not the patient is registered there"),
    rule("GPC-AMUS-BPA-4-1", "S", "Booked where the patient is registered"),
    rule("GPC-AMUS-BPA-4-2", "S", "Booked elsewhere, on a registration for the time being"),
    rule("GPC-AMUS-IG", "O", "Information governance of the organisation", { note: "the organisation's" }),
    rule("GPC-AMUS-IG-1", "S, P", "Sensitive patients are out of scope; the trace is fresh"),
    rule("GPC-AMUS-IG-2", "O", "Data under special protection of law", {
      note: "free texts are never logged nor counted",
    }),
    rule(
      "GPC-AMUS-IG-3",
      "S, P",
      "Dissent stops no appointment, and no option overrides a practice's refusal",
    ),
    rule("GPC-AMUS-IG-4", "O", "Explicit consent", { note: "the organisation's" }),
    rule("GPC-AMUS-MPA", "S", "Appointments are viewed, amended, cancelled"),
    rule("GPC-AMUS-MPA-1", "S", "Cancelled appointments are shown, and shown as such"),
    rule("GPC-AMUS-MPA-2", "–", "History of appointments", { note: "practices show today and later only" }),
    rule("GPC-AMUS-MPA-3", "S", "Rearranging is cancelling and booking: two commands, two answers"),
    rule("GPC-AMUS-MPA-4", "S", "Whoever cancels says why"),
    rule("GPC-AMUS-MPA-5", "S", "Both texts can be put right"),
    rule("GPC-AMUS-MPA-6", "S", "The booking names the organisation with its telephone"),
    rule("GPC-AMUS-PRE", "S", "The NHS number is validated first"),
    rule("GPC-AMUS-PRE-1", "S", "The NHS number is verified on PDS"),
    rule("GPC-AMUS-PRE-2", "S", "Practices are found"),
    rule("GPC-AMUS-PRE-2.1", "S", "The registered practice is found through PDS"),
    rule("GPC-AMUS-PRE-2.2", "S", "Practices of a federation"),
    rule("GPC-AMUS-PRE-2.3", "S", "Which practices are close by", {
      notUsed: "the Directory of Services knows them; `practices` takes the codes that it gives",
    }),
    rule(
      "US01",
      "S",
      "Slots of one service are asked for, and the answer says whether the practice filtered",
    ),
    rule("US02", "D", "The service of a slot", { fields: ["Slot.serviceName"] }),
    rule("US05", "D", "The service of a slot may be blank", { fields: ["Slot.serviceName"] }),
    rule("US03", "D", "The service of an appointment", { fields: ["Appointment.serviceName"] }),
    rule("US06", "D", "The service of an appointment may be blank", { fields: ["Appointment.serviceName"] }),
    rule("US04", "S", "Without a service the search is as before"),
    ...serviceScreens.map((id) => rule(id, "P", "Services: set-up at the practice", { note: DIRECTORY })),
    ...serviceRollOut.map((id) => rule(id, "P", "Services: roll-out", { note: DIRECTORY })),
  ],
};
