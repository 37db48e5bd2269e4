import { type RuleSection, rule } from "../rule.js";

const OF_THE_RECORD = "concerns the clinical record, which this product does not read";

/** Scenarios for every consumer, written for the structured record. */
export const GENERAL: RuleSection = {
  title: "General consumer scenarios",
  rules: [
    rule(
      "GPC-STR-TST-GEN-02",
      "O, S",
      "Other subgraphs get appointments by stable keys, behind the same gates",
    ),
    rule("GPC-STR-TST-GEN-05", "S", "Audits every attempt: blocked, refused, failed, succeeded"),
    rule("GPC-STR-TST-GEN-06", "S", "Does not use a trace that is older than 24 hours"),
    rule("GPC-STR-TST-GEN-07", "S, D", "Compares demographics; only a person can decide to continue", {
      fields: ["DemographicsMismatch.differences", "BookAppointmentInput.acknowledgeDiscrepancies"],
      note: "find a patient does not return the practice, so four fields are compared",
    }),
    rule("GPC-STR-TST-GEN-08", "S", "Takes the patient's practice from PDS only"),
    rule(
      "GPC-STR-TST-GEN-09",
      "S",
      "No practice, or sensitive: the same error for both, the reason in the audit",
    ),
    rule("GPC-STR-TST-GEN-10", "S", "Dead on PDS: refused; the caller checks its own records"),
    rule(
      "GPC-STR-TST-GEN-11",
      "S",
      "Patient not found: a plain message for the user, the details for support",
      {
        note: "the practice's code, status, trace id and text are in the audit, and nowhere else",
      },
    ),
    rule("GPC-STR-TST-GEN-12", "S", "Reports a refusal for dissent"),
    rule("GPC-STR-TST-GEN-13", "S", "INVALID_RESOURCE is our fault: an error, and no change"),
    rule("GPC-STR-TST-GEN-14", "S", "Reports INVALID_NHS_NUMBER"),
    rule("GPC-STR-TST-GEN-15", "–", "Refusal of a query for allergies", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-16", "–", "Refusal of a query for medications", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-17", "–", "Warning of a record in transit", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-18", "–", "Warning of confidential allergies", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-19", "–", "Warning of confidential medications", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-25", "–", "Combined warnings", { note: OF_THE_RECORD }),
    rule("GPC-STR-TST-GEN-20", "D", "Source and time of the data", {
      fields: ["Appointment.practice", "Appointment.fetchedAt", "Slot.location", "SlotSearch.fetchedAt"],
    }),
    rule("GPC-STR-TST-GEN-24", "S", "Keeps resource ids inside its own ids"),
    rule("GPC-STR-TST-GEN-26", "S", "Uses the parts that succeeded; a failed part is an error at its path"),
    rule("GPC-STR-TST-GEN-27", "S", "Ignores content that a newer practice adds"),
  ],
};
