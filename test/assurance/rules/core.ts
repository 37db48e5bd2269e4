import { type RuleSection, rule } from "../rule.js";

/** Core rules and information governance. */
export const CORE: RuleSection = {
  title: "Core and information governance",
  rules: [
    rule("GPC-CORE01", "S", "Calls a practice only with a PDS trace that is at most 24 hours old"),
    rule("GPC-CORE02(1)", "S", "Verifies the number against details that the caller knows"),
    rule("GPC-CORE02(2)", "S, D", "Compares the practice's demographics with PDS", {
      fields: ["DemographicsMismatch.differences", "Patient.address", "Patient.phone", "Patient.practice"],
    }),
    rule("GPC-CORE03", "S", "Confirms the registered practice on PDS before it calls a practice"),
    rule("GPC-CORE04", "S", "Does not call a practice for a patient who is sensitive on PDS"),
    rule("GPC-CORE05", "S", "Replaces a superseded number by the current one"),
    rule("GPC-CORE06", "S", "Refuses a number that is invalid on PDS, and asks for a valid one"),
    rule("GPC-CORE07", "S", "Refuses a patient who is dead on PDS, and says so"),
    rule("GPC-CORE08", "S", "Refuses a patient who is not on PDS, and says so"),
    rule("GPC-CORE09", "S", "Continues with a PDS record that is under review", {
      note: "the documented record has no such flag, and an unknown flag closes no gate",
    }),
    rule("GPC-CORE10", "P, –", "Handles unreconciled data", { note: "concerns the clinical record" }),
    rule("GPC-CORE11", "P, –", "Handles data in transit", { note: "concerns the clinical record" }),
    rule("GPC-CORE12", "O, D", "Gives guidance to users", {
      fields: ["SpineProblem.message", "SlotSearch.warnings", "AppointmentCancelled.warnings"],
      note: "every type and field of the schema is described",
    }),
    rule("GPC-CORE13", "S, D", "Each error has a code, a path and a safe message", {
      fields: ["SpineProblem.code", "SpineProblem.message"],
    }),
    rule("GPC-IG1", "O, S", "States direct care as the only purpose"),
    rule("GPC-IG2", "S, O", "Serves only users with a legitimate relationship to the patient", {
      note: "a token may name the patients of its bearer; if it names none, its issuer is responsible for the relationship",
    }),
    rule("GPC-IG3", "P, –", "Applies the patient's preferences", {
      note: "applied by the practice, and not to appointments",
    }),
    rule("GPC-IG4", "O", "Has a local procedure for consent", { note: "the deploying organisation's" }),
    rule("GPC-IG5", "P, –", "Excludes data from every record", {
      note: "concerns the clinical record",
    }),
    rule("GPC-IG7", "O", "Follows the clinical safety standards for manufacturer and deployer", {
      note: "the hazards below are what this product adds to a hazard log",
    }),
    rule("GPC-IG8", "S", "Reports a missing sharing agreement, which the proxy detects"),
    rule("GPC-IG9", "P", "Data protection: defines the controller of what a practice sends", {
      note: "a matter of law, not of software",
    }),
    rule("GPC-IG10", "S", "Audits every attempt, also blocked ones, and does nothing that it cannot audit"),
    rule("GPC-IG11", "O", "Users can report errors in data to the practice", {
      note: "responses name the practice and the time",
    }),
  ],
};
