import { type RuleSection, rule } from "../rule.js";

const SLOTS_BRING_THEM = "slots bring their practitioners, and an appointment's is read by id";
const FOUND_ANEW = "the practice's record is found anew by NHS number in each request, and never read by id";
const BY_ODS_CODE = "a practice's organisation is found by its ODS code, and never read by id";

/** Foundations: capability statement, patients, practitioners, organisations, places. */
export const FOUNDATIONS: RuleSection = {
  title: "Foundations",
  rules: [
    rule("GPC-FOU-CAP-01/1", "S", "The capability statement is shown as the practice states it"),
    rule("GPC-FOU-FPA-01/1", "S", "Find a patient, one record: its id serves at that practice only"),
    rule("GPC-FOU-FPA-01/2", "S", "Find a patient, several records: never the first of them"),
    rule("GPC-FOU-FPA-01/3", "S", "Find a patient, no record: an answer, no fault"),
    rule(
      "GPC-FOU-FPA-01/4",
      "S",
      "Sensitive at the practice: told like unknown, in either form of the answer",
    ),
    rule("GPC-FOU-FPA-01/5", "S", "Sensitive on PDS: no practice is asked"),
    rule("GPC-FOU-FPA-01/6", "S", "Dead at the practice: told like unknown; nobody dead is registered"),
    rule("GPC-FOU-FPA-01/7", "S", "Inactive at the practice: told like unknown; a registration goes ahead"),
    rule(
      "GPC-FOU-FPA-01/8",
      "S",
      "A wrong NHS number is refused here, and a practice's refusal of one is told",
    ),
    rule("GPC-FOU-RPA-01/1", "S", "Read a patient: the request", { notUsed: FOUND_ANEW }),
    rule("GPC-FOU-RPA-01/2", "S", "Read a patient: unknown id", { notUsed: FOUND_ANEW }),
    rule("GPC-FOU-RPA-01/3", "D", "The practice's demographics can be compared by eye", {
      fields: ["DemographicDifference.field", "DemographicDifference.ours", "DemographicDifference.theirs"],
    }),
    rule("GPC-FOU-REG-01/1", "S", "New at a hub: registered temporarily, then booked, as one journey"),
    rule("GPC-FOU-REG-01/2", "S", "Known there already: not registered again"),
    rule("GPC-FOU-REG-01/3", "S", "Details needed for a registration are missing: refused before the call"),
    rule("GPC-FOU-REG-01/4", "S", "A registration takes contact details for the stay along"),
    rule("GPC-FOU-REG-01/5", "S", "No NHS number, no registration"),
    rule("GPC-FOU-REG-01/6", "S", "No birth date, no registration"),
    rule("GPC-FOU-REG-01/7", "S", "Two telephones of one use cannot be sent"),
    rule("GPC-FOU-REG-01/8", "S", "Two addresses of one use cannot be sent"),
    rule("GPC-FOU-REG-01/9", "S", "An address that the caller gives is temporary"),
    rule("GPC-FOU-REG-01/10", "S", "A telephone that the caller gives is temporary"),
    rule("GPC-FOU-REG-01/11", "S", "Details that differ from PDS: the practice's refusal is told"),
    rule("GPC-FOU-REG-01/12", "S", "A number that is not current: the practice's refusal is told"),
    rule("GPC-FOU-FPR-01/1", "S", "Find a practitioner: several", { notUsed: SLOTS_BRING_THEM }),
    rule("GPC-FOU-FPR-01/2", "S", "Find a practitioner: one", { notUsed: SLOTS_BRING_THEM }),
    rule("GPC-FOU-FPR-01/3", "S", "Find a practitioner: none", { notUsed: SLOTS_BRING_THEM }),
    rule("GPC-FOU-FPR-01/4", "S", "Find a practitioner: invalid user id", { notUsed: SLOTS_BRING_THEM }),
    rule("GPC-FOU-RPR-01/1", "S, D", "Read a practitioner: the request"),
    rule("GPC-FOU-RPR-01/2", "S, D", "Read a practitioner: every element that is shown", {
      fields: ["SlotPractitioner.name", "SlotPractitioner.gender", "SlotPractitioner.role"],
    }),
    rule(
      "GPC-FOU-RPR-01/3",
      "S, D",
      "Read a practitioner, unknown: an error in that place, no lost appointment",
    ),
    rule("GPC-FOU-FOR-01/1", "S", "Find an organisation, several: the one that was asked for"),
    rule("GPC-FOU-FOR-01/2", "S", "Find an organisation: one"),
    rule("GPC-FOU-FOR-01/3", "S", "Find an organisation, none: an answer, no fault"),
    rule("GPC-FOU-FOR-01/4", "S", "Find an organisation, malformed code: an error in its place"),
    rule("GPC-FOU-ROR-01/1", "S, D", "Read an organisation: the request", { notUsed: BY_ODS_CODE }),
    rule("GPC-FOU-ROR-01/2", "S, D", "Read an organisation: every element", { notUsed: BY_ODS_CODE }),
    rule("GPC-FOU-ROR-01/3", "S, D", "Read an organisation: unknown id", { notUsed: BY_ODS_CODE }),
    rule("GPC-FOU-RLO-01/1", "S, D", "Read a place: the request"),
    rule("GPC-FOU-RLO-01/2", "S, D", "Read a place: every element that is shown", {
      fields: ["SlotLocation.name", "SlotLocation.address", "SlotLocation.telecom"],
    }),
    rule("GPC-FOU-RLO-01/3", "S, D", "Read a place, unknown: an error in that place, no lost appointment"),
  ],
};
