import { type RuleSection, rule } from "../rule.js";

/** Integration with the Spine: directory, transport, headers, token, audit. */
export const SPINE: RuleSection = {
  title: "Spine integration",
  rules: [
    rule("GPC-SPN-TST-01", "S", "Looks up ASID and party key by practice and interaction"),
    rule("GPC-SPN-TST-02", "S", "Looks up the endpoint, and uses it unchanged"),
    rule("GPC-SPN-TST-03", "S", "Sends nothing without TLS and the client certificate"),
    rule("GPC-SPN-TST-04", "S", "Uses only the approved cipher suites"),
    rule("GPC-SPN-TST-05", "S", "Requests JSON with Accept"),
    rule("GPC-SPN-TST-06", "S", "Requests JSON in every request", {
      note: "always with Accept, so _format is not needed",
    }),
    rule("GPC-SPN-TST-07", "S", "Reports and audits NO_PATIENT_CONSENT"),
    rule("GPC-SPN-TST-08", "S", "Audits each success: the caller and the four Ssp values"),
    rule("GPC-SPN-TST-09", "S", "Audits each failure in the same way"),
    rule("GPC-SPN-TST-10", "S", "The token names a user with a smartcard"),
    rule("GPC-SPN-TST-11", "S", "The token names a user without a smartcard"),
    rule("GPC-SPN-TST-12", "S", "Reads gzip and chunked responses"),
    rule("GPC-SPN-TST-13", "S", "Sends four Ssp headers, with a separate trace id for each attempt"),
  ],
};
