import { type RuleSection, rule } from "../rule.js";

const OF_THE_RECORD = "concerns the clinical record, which this product does not read";

/** What is asked of every consumer, by the scenarios written for the structured record. */
export const GENERAL: RuleSection = {
  title: "General consumer scenarios",
  rules: [
    rule(
      "GPC-STR-TST-GEN-02",
      "O, S",
      "Other subgraphs get appointments by stable keys, under the same gates",
    ),
    rule("GPC-STR-TST-GEN-05", "S", "Every attempt is audited: blocked, refused, failed, done"),
    rule("GPC-STR-TST-GEN-06", "S", "A trace older than 24 hours does not serve"),
    rule("GPC-STR-TST-GEN-07", "S, D", "Demographics are compared; only a person decides to go on", {
      fields: ["DemographicsMismatch.differences", "BookAppointmentInput.acknowledgeDiscrepancies"],
      note: "of a practice, find a patient names only the one that was asked, so four fields are compared",
    }),
    rule("GPC-STR-TST-GEN-08", "S", "PDS alone says which practice is the patient's"),
    rule(
      "GPC-STR-TST-GEN-09",
      "S",
      "No practice, or sensitive: one answer for both, the reason in the audit",
    ),
    rule(
      "GPC-STR-TST-GEN-10",
      "S",
      "Dead on PDS: closed; what the caller's own records say is theirs to check",
    ),
    rule("GPC-STR-TST-GEN-11", "S", "Patient not found: plain words to the user, the details to support", {
      note: "the practice's code, status, trace id and words are in the audit, and nowhere else",
    }),
    rule("GPC-STR-TST-GEN-12", "S", "A refusal for dissent is told"),
    rule("GPC-STR-TST-GEN-13", "S", "INVALID_RESOURCE is our fault: an error, and nothing is done"),
    rule("GPC-STR-TST-GEN-14", "S", "INVALID_NHS_NUMBER is told"),
    rule("GPC-STR-TST-GEN-15", "–", "A question about allergies is refused", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-16", "–", "A question about medications is refused", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-17", "–", "Warning of a record in transit", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-18", "–", "Warning of confidential allergies", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-19", "–", "Warning of confidential medications", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-25", "–", "Warnings combined", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-20", "D", "Where data come from, and when", {
      fields: ["Appointment.practice", "Appointment.fetchedAt", "Slot.location", "SlotSearch.fetchedAt"],
    }),
    rule("GPC-STR-TST-GEN-24", "S", "Resource ids are kept, inside ids of ours"),
    rule("GPC-STR-TST-GEN-26", "S", "What succeeded is used; what failed is an error in its place"),
    rule("GPC-STR-TST-GEN-27", "S", "Content that a newer practice adds is passed over"),
  ],
};
