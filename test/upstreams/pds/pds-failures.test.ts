import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import { createPdsClient } from "../../../src/upstreams/pds/index.js";
import { TestClock } from "../../support/call-context.js";
import {
  CONTENT_FAILURES,
  expectToHoldNone,
  type Failure,
  json,
  PDS_STATUS_FAILURES,
  runInto,
  seen,
  TRANSPORT_FAILURES,
  unusable,
} from "./failure-list.js";
import { fixedAccess, fixture } from "./pds-service.js";

const ASKED = "9990000018";
const TOKEN = "eyJhbGciOiJSUzUxMiJ9.canary.signature";

const patient = fixture("patient");
const outcome = (code?: string, rest: object = {}) => ({
  resourceType: "OperationOutcome",
  issue: [{ severity: "error", code: "value", ...rest, ...(code && { details: { coding: [{ code }] } }) }],
});
const refused = { code: "UPSTREAM_REFUSED", retryable: false } as const;
const own = (value: string) => [{ system: "https://fhir.nhs.uk/Id/nhs-number", value }];

const PDS_FAILURES: readonly Failure[] = [
  {
    name: "400 INVALID_RESOURCE_ID",
    answer: json(400, outcome("INVALID_RESOURCE_ID")),
    ...refused,
    reason: "INVALID_RESOURCE_ID",
  },
  {
    name: "401 ACCESS_DENIED",
    answer: json(401, fixture("error-access-denied")),
    ...refused,
    reason: "ACCESS_DENIED",
  },
  {
    name: "403 INVALID_METHOD",
    answer: json(403, outcome("INVALID_METHOD")),
    ...refused,
    reason: "INVALID_METHOD",
  },
  {
    name: "404 of an unknown code",
    answer: json(404, outcome("GONE_AWAY")),
    ...refused,
    reason: "GONE_AWAY",
  },
  { name: "404 without a code", answer: json(404, outcome(undefined, { code: "not-found" })), ...refused },
  {
    name: "404 whose OperationOutcome is misshapen",
    answer: json(404, { ...outcome("RESOURCE_NOT_FOUND"), issue: {} }),
    ...refused,
  },
  {
    name: "the code for not found under another status",
    answer: json(400, fixture("error-not-found")),
    ...refused,
    reason: "RESOURCE_NOT_FOUND",
  },
  {
    name: "408 UNABLE_TO_CALL_SERVICE",
    answer: json(408, outcome("UNABLE_TO_CALL_SERVICE")),
    code: "UPSTREAM_TIMEOUT",
    retryable: true,
    reason: "UNABLE_TO_CALL_SERVICE",
  },
  {
    name: "429 TOO_MANY_REQUESTS",
    answer: json(429, outcome("TOO_MANY_REQUESTS")),
    code: "UPSTREAM_RATE_LIMITED",
    retryable: true,
    reason: "TOO_MANY_REQUESTS",
  },
  {
    name: "500 UNKNOWN_ERROR",
    answer: json(500, outcome("UNKNOWN_ERROR")),
    code: "UPSTREAM_UNAVAILABLE",
    retryable: true,
    reason: "UNKNOWN_ERROR",
  },
  { name: "a code that is no code", answer: json(400, outcome(`patient ${ASKED}`)), ...refused },
  {
    name: "200 with an OperationOutcome",
    answer: json(200, fixture("error-not-found")),
    ...unusable("WRONG_RESOURCE"),
  },
  {
    name: "empty bundle",
    answer: json(200, { resourceType: "Bundle", type: "searchset", total: 0 }),
    ...unusable("WRONG_RESOURCE"),
  },
  {
    name: "bundle around the patient",
    answer: json(200, { resourceType: "Bundle", entry: [{ resource: patient }] }),
    ...unusable("WRONG_RESOURCE"),
  },
  {
    name: "object where an array belongs",
    answer: json(200, { ...patient, name: { family: "Blom" } }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "text where an array belongs",
    answer: json(200, { ...patient, name: [{ given: "Ida" }] }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "number where a text belongs",
    answer: json(200, { ...patient, birthDate: 1971 }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "patient without an id",
    answer: json(200, { ...patient, id: undefined }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "another patient: id against its own identifier",
    answer: json(200, { ...patient, identifier: own("9990000026") }),
    ...unusable("WRONG_PATIENT"),
  },
  {
    name: "another patient: superseding id against its own identifier",
    answer: json(200, { ...patient, id: "9990000026" }),
    ...unusable("WRONG_PATIENT"),
  },
  {
    name: "an id whose check digit is wrong",
    answer: json(200, { ...patient, id: "9990000019", identifier: own("9990000019") }),
    ...unusable("WRONG_PATIENT"),
  },
  {
    name: "an id that is no plain number",
    answer: json(200, { ...patient, id: "999 000 0026", identifier: own("999 000 0026") }),
    ...unusable("WRONG_PATIENT"),
  },
];

const FAILURES = [...TRANSPORT_FAILURES, ...PDS_STATUS_FAILURES, ...CONTENT_FAILURES, ...PDS_FAILURES];

it.each(FAILURES)("PDS retrieve fails: $name", async (failure) => {
  const { result, url, context } = await runInto(failure, ({ context: asking, ...setting }) =>
    createPdsClient({
      ...setting,
      clock: new TestClock(),
      access: fixedAccess(TOKEN),
    }).readPatient(ASKED as NhsNumber, asking),
  );
  const { code, retryable, reason } = failure;
  expect(seen(result)).toEqual({ code, service: "PDS", reason, retryable });
  expect(context.calls.calls).toMatchObject([
    { service: "PDS", interaction: "Patient.read", target: null, outcome: code },
  ]);
  const audited = code === "UPSTREAM_REFUSED" ? "REFUSED" : "FAILED";
  expect(context.events).toMatchObject([{ nhsNumber: ASKED, outcome: audited, reason: reason ?? code }]);
  expectToHoldNone(result, [ASKED, "9990000026", url, TOKEN, "Blom"]);
});
