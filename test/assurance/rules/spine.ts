import { type RuleSection, rule } from "../rule.js";

/** Integration with the Spine: directory, transport, headers, token, audit. */
export const SPINE: RuleSection = {
  title: "Spine integration",
  rules: [
    rule("GPC-SPN-TST-01", "S", "ASID and party key are looked up by practice and interaction"),
    rule("GPC-SPN-TST-02", "S", "The endpoint is looked up, and used letter by letter"),
    rule("GPC-SPN-TST-03", "S", "TLS with our certificate, or nothing is sent"),
    rule("GPC-SPN-TST-04", "S", "The approved cipher suites, and no others"),
    rule("GPC-SPN-TST-05", "S", "JSON is asked for by Accept"),
    rule("GPC-SPN-TST-06", "S", "JSON is asked for in every request", {
      note: "by Accept always, so that _format is not needed",
    }),
    rule("GPC-SPN-TST-07", "S", "NO_PATIENT_CONSENT is told and audited"),
    rule("GPC-SPN-TST-08", "S", "Each success leaves a record: who asked, and the four Ssp values"),
    rule("GPC-SPN-TST-09", "S", "Each failure leaves the same record"),
    rule("GPC-SPN-TST-10", "S", "The token names whoever has a smartcard"),
    rule("GPC-SPN-TST-11", "S", "The token names whoever has no smartcard"),
    rule("GPC-SPN-TST-12", "S", "gzip and chunked answers are read"),
    rule("GPC-SPN-TST-13", "S", "Four Ssp headers, with a trace id of its own for each attempt"),
  ],
};
