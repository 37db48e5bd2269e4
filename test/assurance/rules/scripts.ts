import { type RuleSection, rule } from "../rule.js";

/** Consumer test scripts, as far as they are published. */
export const SCRIPTS: RuleSection = {
  title: "Published test scripts",
  rules: [
    rule("GPC-AMUS-BPA-1/1", "S", "The slot search, letter by letter"),
    rule("GPC-AMUS-BPA-1/2", "D", "What is shown of a slot", {
      fields: ["Slot.start", "Slot.end", "Slot.location", "Slot.practitioner", "Slot.deliveryChannel"],
    }),
    rule("GPC-AMUS-BPA-1/3", "S", "A search refused for want of a status is told"),
    rule("GPC-AMUS-BPA-1/4", "S", "A search refused for want of an include is told"),
    rule("GPC-AMUS-BPA-1/5", "S", "Practitioners are asked for and read"),
    rule("GPC-AMUS-BPA-1/6", "S", "Places are asked for and read"),
    rule("CONS-AppointmentsAPITest1", "S, D", "A search in summer and in winter: times as they came", {
      fields: ["Slot.start", "Slot.end"],
    }),
    rule("CONS-AppointmentsAPITest2", "S", "A search with practitioners"),
    rule("CONS-AppointmentsAPITest3", "D", "Slots are shown", {
      fields: ["Slot.type", "Slot.scheduleType", "Slot.durationMinutes", "Slot.practitionerRole"],
    }),
    rule("CONS-AppointmentsAPITest9", "S", "A search refused for want of an include is told"),
    rule("CONS-AppointmentsAPITest15", "S", "Too long a description"),
    rule("CONS-AppointmentsAPITest16", "S", "Too long a comment"),
    rule("CONS-AppointmentsAPITest38", "S", "An appointment in the past is not amended"),
    rule("CONS-AppointmentsAPITest41", "S", "An appointment in the past is not cancelled"),
    rule("CONS-FoundationAPITest1", "S", "Capability statement"),
    rule("CONS-FoundationAPITest2", "S", "Find a patient: several"),
    rule("CONS-FoundationAPITest3", "S", "Find a patient: none"),
    rule("CONS-FoundationAPITest6", "S", "Find a patient: inactive"),
    rule("CONS-FoundationAPITest51", "S", "Register: details differ from PDS"),
    rule("CONS-FoundationAPITest52", "S", "Register: the number is not active"),
    rule("SUMMER-TIME-SCREEN", "D", "3 pm is 3 pm, in January and in July", {
      fields: ["Slot.start", "Appointment.start"],
    }),
    rule("BAAM-6", "S, P", "Several slots: they touch"),
    rule("BAAM-7", "S, P", "Several slots: the patient is seen one way"),
    rule("TOKEN-CHECK", "S", "What the audit token holds"),
    rule("SDS-ORDER-CHECK", "S", "The directory can be asked in the documented order"),
  ],
};
