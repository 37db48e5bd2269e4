import { type RuleSection, rule } from "../rule.js";

const SLOTS_BRING_THEM = "the slot response includes practitioners, and that of an appointment is read by id";
const FOUND_ANEW = "the patient is found by NHS number in each request, and never read by id";
const BY_ODS_CODE = "the practice's organisation is found by its ODS code, and never read by id";

/** Foundations: capability statement, patients, practitioners, organisations, locations. */
export const FOUNDATIONS: RuleSection = {
  title: "Foundations",
  rules: [
    rule("GPC-FOU-CAP-01/1", "S", "Shows the capability statement as the practice sent it"),
    rule("GPC-FOU-FPA-01/1", "S", "Find a patient, one record: the id is used at that practice only"),
    rule("GPC-FOU-FPA-01/2", "S", "Find a patient, several records: none of them is used"),
    rule("GPC-FOU-FPA-01/3", "S", "Find a patient, no record: a result, not an error"),
    rule(
      "GPC-FOU-FPA-01/4",
      "S",
      "Sensitive at the practice: reported like unknown, for both forms of the response",
    ),
    rule("GPC-FOU-FPA-01/5", "S", "Sensitive on PDS: no practice is called"),
    rule(
      "GPC-FOU-FPA-01/6",
      "S",
      "Dead at the practice: reported like unknown; a dead patient is never registered",
    ),
    rule(
      "GPC-FOU-FPA-01/7",
      "S",
      "Inactive at the practice: reported like unknown; a registration is possible",
    ),
    rule("GPC-FOU-FPA-01/8", "S", "Refuses a malformed NHS number, and reports a practice's refusal of one"),
    rule("GPC-FOU-RPA-01/1", "S", "Read a patient: the request", { notUsed: FOUND_ANEW }),
    rule("GPC-FOU-RPA-01/2", "S", "Read a patient: unknown id", { notUsed: FOUND_ANEW }),
    rule("GPC-FOU-RPA-01/3", "D", "The practice's demographics can be compared on the screen", {
      fields: ["DemographicDifference.field", "DemographicDifference.ours", "DemographicDifference.theirs"],
    }),
    rule("GPC-FOU-REG-01/1", "S", "New at a hub: registers temporarily, then books, in one journey"),
    rule("GPC-FOU-REG-01/2", "S", "Does not register a known patient again"),
    rule("GPC-FOU-REG-01/3", "S", "Refuses a registration with missing details before the call"),
    rule("GPC-FOU-REG-01/4", "S", "A registration sends the temporary contact details"),
    rule("GPC-FOU-REG-01/5", "S", "Refuses a registration without an NHS number"),
    rule("GPC-FOU-REG-01/6", "S", "Refuses a registration without a birth date"),
    rule("GPC-FOU-REG-01/7", "S", "Cannot send two telephones of one use"),
    rule("GPC-FOU-REG-01/8", "S", "Cannot send two addresses of one use"),
    rule("GPC-FOU-REG-01/9", "S", "Sends the caller's address as temporary"),
    rule("GPC-FOU-REG-01/10", "S", "Sends the caller's telephone as temporary"),
    rule("GPC-FOU-REG-01/11", "S", "Reports the practice's refusal of details that differ from PDS"),
    rule("GPC-FOU-REG-01/12", "S", "Reports the practice's refusal of a number that is not current"),
    rule("GPC-FOU-FPR-01/1", "S", "Find a practitioner: several", { notUsed: SLOTS_BRING_THEM }),
    rule("GPC-FOU-FPR-01/2", "S", "Find a practitioner: one", { notUsed: SLOTS_BRING_THEM }),
    rule("GPC-FOU-FPR-01/3", "S", "Find a practitioner: none", { notUsed: SLOTS_BRING_THEM }),
    rule("GPC-FOU-FPR-01/4", "S", "Find a practitioner: invalid user id", { notUsed: SLOTS_BRING_THEM }),
    rule("GPC-FOU-RPR-01/1", "S, D", "Read a practitioner: the request"),
    rule("GPC-FOU-RPR-01/2", "S, D", "Read a practitioner: every displayed element", {
      fields: ["SlotPractitioner.name", "SlotPractitioner.gender", "SlotPractitioner.role"],
    }),
    rule(
      "GPC-FOU-RPR-01/3",
      "S, D",
      "Read a practitioner, unknown: an error at that path; the appointment is not lost",
    ),
    rule("GPC-FOU-FOR-01/1", "S", "Find an organisation, several: uses the requested one"),
    rule("GPC-FOU-FOR-01/2", "S", "Find an organisation: one"),
    rule("GPC-FOU-FOR-01/3", "S", "Find an organisation, none: a result, not an error"),
    rule("GPC-FOU-FOR-01/4", "S", "Find an organisation, malformed code: an error at its path"),
    rule("GPC-FOU-ROR-01/1", "S, D", "Read an organisation: the request", { notUsed: BY_ODS_CODE }),
    rule("GPC-FOU-ROR-01/2", "S, D", "Read an organisation: every element", { notUsed: BY_ODS_CODE }),
    rule("GPC-FOU-ROR-01/3", "S, D", "Read an organisation: unknown id", { notUsed: BY_ODS_CODE }),
    rule("GPC-FOU-RLO-01/1", "S, D", "Read a location: the request"),
    rule("GPC-FOU-RLO-01/2", "S, D", "Read a location: every displayed element", {
      fields: ["SlotLocation.name", "SlotLocation.address", "SlotLocation.telecom"],
    }),
    rule(
      "GPC-FOU-RLO-01/3",
      "S, D",
      "Read a location, unknown: an error at that path; the appointment is not lost",
    ),
  ],
};
