import { type RuleSection, rule } from "../rule.js";

const TIMETABLE = "the practice decides what it offers to whom";
const DIRECTORY = "screens, settings and lists of practices and of the Directory of Services";
const serviceScreens = ["US07", "US08", "US09", "US10", "US11", "US12", "US13", "US14", "US15"];
const serviceRollOut = ["US16", "US17", "US18", "US19"];

/** User stories of appointment management and of service filtering. */
export const STORIES: RuleSection = {
  title: "User stories",
  rules: [
    rule("GPC-AMUS-AAC-1", "P", "Marks slots as bookable by other organisations", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-2", "P", "Reserves slots for organisations", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-3", "P", "Reserves slots for types of organisation", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-5", "P", "Reserves slots for urgent care", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-4", "P", "Limits the slots of a session", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-6", "P", "Limits how early and how late a slot can be booked", { note: TIMETABLE }),
    rule("GPC-AMUS-AAC-7", "P, D", "Roles and delivery channels come from national lists", {
      fields: ["Slot.deliveryChannel", "CodedValue.code", "CodedValue.display", "CodedValue.system"],
      note: "the lists are open: an unknown code is returned unchanged",
    }),
    rule("GPC-AMUS-BPA-1", "S", "Free slots of several practices in the next two weeks"),
    rule("GPC-AMUS-BPA-1-1", "S", "Free slots of one practice"),
    rule("GPC-AMUS-BPA-1-2", "S", "Slots open to the caller's organisation"),
    rule("GPC-AMUS-BPA-1-3", "S", "Slots open to the caller's type of organisation"),
    rule("GPC-AMUS-BPA-1-4", "S", "Slots open to urgent care"),
    rule("GPC-AMUS-BPA-1-5", "S", "Slots of one service in the Directory of Services"),
    rule("GPC-AMUS-BPA-1-6", "S", "Uses the returned slots, although a booking may still be refused"),
    rule("GPC-AMUS-BPA-1-7", "D", "The patient's preferred branch can come first", {
      fields: ["SlotLocation.localId", "Patient.preferredBranchId"],
    }),
    rule("GPC-AMUS-BPA-2-3", "D", "The preferred branch is known while slots are chosen", {
      fields: ["SlotLocation.localId", "Patient.preferredBranchId"],
    }),
    rule("GPC-AMUS-BPA-2", "S", "Several slots in a row can be chosen"),
    rule("GPC-AMUS-BPA-2-1", "S", "Slots in a row belong to one session"),
    rule("GPC-AMUS-BPA-2-2", "–", "Slots for home visits", {
      note: "not offered by GP Connect; an appointment of that kind is read-only",
    }),
    rule("GPC-AMUS-BPA-2-4", "D", "A screen can warn about a slot outside the requested time", {
      fields: ["Slot.start"],
    }),
    rule("GPC-AMUS-BPA-3", "S", "Holds a slot without booking it", {
      notUsed: "GP Connect has no hold: book and cancel later; no field offers one",
    }),
    rule("GPC-AMUS-BPA-4", "S", "Books for registered and unregistered patients"),
    rule("GPC-AMUS-BPA-4-1", "S", "Books at the registered practice"),
    rule("GPC-AMUS-BPA-4-2", "S", "Books at another practice, with a temporary registration"),
    rule("GPC-AMUS-IG", "O", "Information governance of the organisation", { note: "the organisation's" }),
    rule("GPC-AMUS-IG-1", "S, P", "Sensitive patients are out of scope; the trace is fresh"),
    rule("GPC-AMUS-IG-2", "O", "Data under special protection of law", {
      note: "free texts are never logged or counted",
    }),
    rule(
      "GPC-AMUS-IG-3",
      "S, P",
      "Dissent does not stop an appointment, and no option overrides a practice's refusal",
    ),
    rule("GPC-AMUS-IG-4", "O", "Explicit consent", { note: "the organisation's" }),
    rule("GPC-AMUS-MPA", "S", "Shows, amends and cancels appointments"),
    rule("GPC-AMUS-MPA-1", "S", "Shows cancelled appointments as cancelled"),
    rule("GPC-AMUS-MPA-2", "–", "History of appointments", { note: "practices return only today and later" }),
    rule("GPC-AMUS-MPA-3", "S", "A change of time is a cancellation and a booking, with two results"),
    rule("GPC-AMUS-MPA-4", "S", "A cancellation needs a reason"),
    rule("GPC-AMUS-MPA-5", "S", "Description and comment can be corrected"),
    rule("GPC-AMUS-MPA-6", "S", "A booking names the organisation and its telephone"),
    rule("GPC-AMUS-PRE", "S", "The NHS number is validated first"),
    rule("GPC-AMUS-PRE-1", "S", "The NHS number is verified on PDS"),
    rule("GPC-AMUS-PRE-2", "S", "Finds practices"),
    rule("GPC-AMUS-PRE-2.1", "S", "Finds the registered practice through PDS"),
    rule("GPC-AMUS-PRE-2.2", "S", "Finds the practices of a federation"),
    rule("GPC-AMUS-PRE-2.3", "S", "Finds nearby practices", {
      notUsed: "the Directory of Services has them; `practices` takes its codes",
    }),
    rule("US01", "S", "Searches slots of one service, and reports whether the practice applied the filter"),
    rule("US02", "D", "The service of a slot", { fields: ["Slot.serviceName"] }),
    rule("US05", "D", "The service of a slot may be blank", { fields: ["Slot.serviceName"] }),
    rule("US03", "D", "The service of an appointment", { fields: ["Appointment.serviceName"] }),
    rule("US06", "D", "The service of an appointment may be blank", { fields: ["Appointment.serviceName"] }),
    rule("US04", "S", "Without a service the search is unchanged"),
    ...serviceScreens.map((id) => rule(id, "P", "Services: setup at the practice", { note: DIRECTORY })),
    ...serviceRollOut.map((id) => rule(id, "P", "Services: roll-out", { note: DIRECTORY })),
  ],
};
