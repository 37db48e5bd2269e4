import { type RuleSection, rule } from "../rule.js";

/** The published consumer test scripts. */
export const SCRIPTS: RuleSection = {
  title: "Published test scripts",
  rules: [
    rule("GPC-AMUS-BPA-1/1", "S", "The exact request of the slot search"),
    rule("GPC-AMUS-BPA-1/2", "D", "Displayed elements of a slot", {
      fields: ["Slot.start", "Slot.end", "Slot.location", "Slot.practitioner", "Slot.deliveryChannel"],
    }),
    rule("GPC-AMUS-BPA-1/3", "S", "Reports the refusal of a search without a status"),
    rule("GPC-AMUS-BPA-1/4", "S", "Reports the refusal of a search without an include"),
    rule("GPC-AMUS-BPA-1/5", "S", "Requests and reads practitioners"),
    rule("GPC-AMUS-BPA-1/6", "S", "Requests and reads locations"),
    rule("CONS-AppointmentsAPITest1", "S, D", "A search in summer and in winter: unchanged times", {
      fields: ["Slot.start", "Slot.end"],
    }),
    rule("CONS-AppointmentsAPITest2", "S", "A search with practitioners"),
    rule("CONS-AppointmentsAPITest3", "D", "Displayed slots", {
      fields: ["Slot.type", "Slot.scheduleType", "Slot.durationMinutes", "Slot.practitionerRole"],
    }),
    rule("CONS-AppointmentsAPITest9", "S", "Reports the refusal of a search without an include"),
    rule("CONS-AppointmentsAPITest15", "S", "A description that is too long"),
    rule("CONS-AppointmentsAPITest16", "S", "A comment that is too long"),
    rule("CONS-AppointmentsAPITest38", "S", "Does not amend a past appointment"),
    rule("CONS-AppointmentsAPITest41", "S", "Does not cancel a past appointment"),
    rule("CONS-FoundationAPITest1", "S", "Capability statement"),
    rule("CONS-FoundationAPITest2", "S", "Find a patient: several"),
    rule("CONS-FoundationAPITest3", "S", "Find a patient: none"),
    rule("CONS-FoundationAPITest6", "S", "Find a patient: inactive"),
    rule("CONS-FoundationAPITest51", "S", "Register: details differ from PDS"),
    rule("CONS-FoundationAPITest52", "S", "Register: the number is not active"),
    rule("SUMMER-TIME-SCREEN", "D", "Shows 3 pm as 3 pm, in January and in July", {
      fields: ["Slot.start", "Appointment.start"],
    }),
    rule("BAAM-6", "S, P", "Several slots must be adjacent"),
    rule("BAAM-7", "S, P", "Several slots must have the same delivery channel"),
    rule("TOKEN-CHECK", "S", "Content of the audit token"),
    rule("SDS-ORDER-CHECK", "S", "The directory can be searched in the documented order"),
  ],
};
