import { type RuleSection, rule } from "../rule.js";

/** Core rules and information governance. */
export const CORE: RuleSection = {
  title: "Core and information governance",
  rules: [
    rule("GPC-CORE01", "S", "PDS is asked at most 24 hours before a practice is called"),
    rule("GPC-CORE02(1)", "S", "The number is verified against details that the caller knows"),
    rule("GPC-CORE02(2)", "S, D", "What the practice holds is compared with PDS", {
      fields: ["DemographicsMismatch.differences", "Patient.address", "Patient.phone", "Patient.practice"],
    }),
    rule("GPC-CORE03", "S", "The registered practice is confirmed on PDS, or no practice is called"),
    rule("GPC-CORE04", "S", "Sensitive on PDS: no practice is called"),
    rule("GPC-CORE05", "S", "A superseded number gives way to its successor"),
    rule("GPC-CORE06", "S", "Invalid on PDS: refused, and a valid number is asked for"),
    rule("GPC-CORE07", "S", "Dead on PDS: refused, and told"),
    rule("GPC-CORE08", "S", "Not on PDS: refused, and told"),
    rule("GPC-CORE09", "S", "A record under review on PDS stops nothing", {
      note: "the documented record has no such mark; a mark that is not known closes nothing",
    }),
    rule("GPC-CORE10", "P, –", "Unreconciled data", { note: "concerns the clinical record" }),
    rule("GPC-CORE11", "P, –", "Data in transit", { note: "concerns the clinical record" }),
    rule("GPC-CORE12", "O, D", "Guidance reaches users", {
      fields: ["Problem.message", "SlotSearch.warnings", "AppointmentCancelled.warnings"],
      note: "every type and field of the schema is described",
    }),
    rule("GPC-CORE13", "S, D", "Each error has a code, a place and safe words", {
      fields: ["Problem.code", "Problem.message"],
    }),
    rule("GPC-IG1", "O, S", "Direct care is the only purpose that is ever stated"),
    rule("GPC-IG2", "S, O", "Only users with a legitimate relationship to the patient", {
      note: "a token may name the patients of its bearer; where it names none, its issuer answers for the relationship",
    }),
    rule("GPC-IG3", "P, –", "The patient's preferences", {
      note: "applied by the practice; not to appointments",
    }),
    rule("GPC-IG4", "O", "A local procedure for consent", { note: "the deploying organisation's" }),
    rule("GPC-IG5", "P, –", "Data that are kept out of every record", {
      note: "concerns the clinical record",
    }),
    rule("GPC-IG7", "O", "Clinical safety standards of maker and deployer", {
      note: "the hazards below are what this product adds to a hazard log",
    }),
    rule("GPC-IG8", "S", "A missing sharing agreement is the proxy's to say, and is told"),
    rule("GPC-IG9", "P", "Data protection: who controls what a practice sends", {
      note: "a matter of law, not of software",
    }),
    rule("GPC-IG10", "S", "Full audit, of stopped attempts most of all; what cannot be audited is not done"),
    rule("GPC-IG11", "O", "Errors in data can be reported to the practice", {
      note: "answers name the practice and the time",
    }),
  ],
};
