import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createVisitorsAndMigrantsClient } from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer } from "../../support/call-context.js";
import {
  CONTENT_FAILURES,
  expectToHoldNone,
  type Failure,
  json,
  runInto,
  STATUS_FAILURES,
  seen,
  TRANSPORT_FAILURES,
  unusable,
} from "../pds/failure-list.js";
import { ASKED, fixture, INTERACTION } from "./vm-service.js";

const observation = fixture("observation").entry[0].resource;
const [category, status] = observation.component;
const inBundle = (...resources: object[]) => ({
  resourceType: "Bundle",
  entry: resources.map((resource) => ({ resource })),
});
const changed = (change: object) => json(200, inBundle({ ...observation, ...change }));
const outcome = (...issues: [severity: string | undefined, code: string | undefined][]) => ({
  resourceType: "OperationOutcome",
  issue: issues.map(([severity, code]) => ({ severity, details: { coding: [{ code }] } })),
});
const refused = { code: "UPSTREAM_REFUSED", retryable: false } as const;

const VM_FAILURES: readonly Failure[] = [
  {
    name: "400 bare",
    answer: json(400, outcome(["error", "INVALID_PARAMETER"])),
    ...refused,
    reason: "INVALID_PARAMETER",
  },
  {
    name: "400 wrapped in a bundle",
    answer: json(400, fixture("error-in-bundle")),
    ...refused,
    reason: "REQUEST_UNMATCHED",
  },
  {
    name: "400 with a severity that is none",
    answer: json(400, outcome(["information", "MESSAGE_NOT_WELL_FORMED"])),
    ...refused,
    reason: "MESSAGE_NOT_WELL_FORMED",
  },
  {
    name: "403 ASID_CHECK_FAILED",
    answer: json(403, fixture("error")),
    ...refused,
    reason: "ASID_CHECK_FAILED",
  },
  {
    name: "403 with a space in its code",
    answer: json(403, outcome(["error", "ACCESS DENIED"])),
    ...refused,
    reason: "ACCESS_DENIED",
  },
  {
    name: "404 PATIENT_NOT_FOUND",
    answer: json(404, outcome(["error", "PATIENT_NOT_FOUND"])),
    ...refused,
    reason: "PATIENT_NOT_FOUND",
  },
  { name: "a code that is no code", answer: json(400, outcome(["error", `no ${ASKED}`])), ...refused },
  {
    name: "NO_RECORD_FOUND under 500",
    answer: json(500, outcome(["error", "NO_RECORD_FOUND"])),
    code: "UPSTREAM_UNAVAILABLE",
    retryable: true,
    reason: "NO_RECORD_FOUND",
  },
  {
    name: "an error in the bundle of a 200",
    answer: json(200, fixture("error-in-bundle")),
    ...refused,
    reason: "REQUEST_UNMATCHED",
  },
  {
    name: "a bare error under 200",
    answer: json(200, fixture("error")),
    ...refused,
    reason: "ASID_CHECK_FAILED",
  },
  {
    name: "a fatal issue without a code under 200",
    answer: json(200, inBundle(outcome(["fatal", undefined]))),
    ...refused,
  },
  {
    name: "an issue without a severity under 200",
    answer: json(200, inBundle(outcome([undefined, "PATIENT_SENSITIVE"]))),
    ...refused,
    reason: "PATIENT_SENSITIVE",
  },
  {
    name: "no record and an error under 200",
    answer: json(200, inBundle(outcome(["error", "NO_RECORD_FOUND"], ["error", "NO_RELATIONSHIP"]))),
    ...refused,
    reason: "NO_RELATIONSHIP",
  },
  {
    name: "an entry of another kind",
    answer: json(200, inBundle({ resourceType: "Patient", id: ASKED })),
    ...unusable("WRONG_RESOURCE"),
  },
  {
    name: "an observation of something else",
    answer: changed({ code: { coding: [{ code: "0002" }] } }),
    ...unusable("WRONG_RESOURCE"),
  },
  { name: "a bare observation", answer: json(200, observation), ...unusable("WRONG_RESOURCE") },
  {
    name: "partial bundle: an entry without a resource",
    answer: json(200, { resourceType: "Bundle", entry: [{}] }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "an entry without a resource beside an observation",
    answer: json(200, { resourceType: "Bundle", entry: [{ resource: observation }, {}] }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "object where the list of entries belongs",
    answer: json(200, { resourceType: "Bundle", entry: {} }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "object where the components belong",
    answer: changed({ component: status }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "object where the issues belong",
    answer: json(200, inBundle({ resourceType: "OperationOutcome", issue: {} })),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "two observations",
    answer: json(200, inBundle(observation, observation)),
    ...unusable("SEVERAL_ENTRIES"),
  },
  {
    name: "a next page",
    answer: json(200, { ...inBundle(observation), link: [{ relation: "next", url: "https://x.example" }] }),
    ...unusable("INCOMPLETE_RESPONSE"),
  },
  {
    name: "a total above its entry",
    answer: json(200, { ...inBundle(observation), total: 2 }),
    ...unusable("INCOMPLETE_RESPONSE"),
  },
  {
    name: "a total without an entry",
    answer: json(200, { resourceType: "Bundle", total: 1 }),
    ...unusable("INCOMPLETE_RESPONSE"),
  },
  {
    name: "an error beside the observation",
    answer: json(200, inBundle(observation, outcome(["error", "NO_RELATIONSHIP"]))),
    ...unusable("INCOMPLETE_RESPONSE"),
  },
  {
    name: "an observation of another system with the same code",
    answer: changed({ code: { coding: [{ system: "http://loinc.org", code: "0001" }] } }),
    ...unusable("WRONG_RESOURCE"),
  },
  {
    name: "two statuses in one concept",
    answer: changed({
      component: [
        {
          ...status,
          valueCodeableConcept: {
            coding: [
              ...status.valueCodeableConcept.coding,
              { ...status.valueCodeableConcept.coding[0], code: "Y" },
            ],
          },
        },
      ],
    }),
    ...unusable("AMBIGUOUS_COMPONENT"),
  },
  {
    name: "two statuses",
    answer: changed({ component: [status, category, status] }),
    ...unusable("AMBIGUOUS_COMPONENT"),
  },
  {
    name: "an observation entered in error",
    answer: changed({ status: "entered-in-error" }),
    ...unusable("WITHDRAWN_OBSERVATION"),
  },
  {
    name: "another patient",
    answer: changed({ subject: { reference: "Patient/9990000026" } }),
    ...unusable("WRONG_PATIENT"),
  },
  {
    name: "a subject that is no patient",
    answer: changed({ subject: { reference: `Group/${ASKED}` } }),
    ...unusable("WRONG_PATIENT"),
  },
];

const FAILURES = [...TRANSPORT_FAILURES, ...STATUS_FAILURES, ...CONTENT_FAILURES, ...VM_FAILURES];

it.each(FAILURES)("V&M fails: $name", async (failure) => {
  const { result, url, context } = await runInto(failure, ({ url: root, context: asking, ...setting }) =>
    createVisitorsAndMigrantsClient({
      ...setting,
      clock: new TestClock(),
      system: testConsumer,
    }).fetchChargeableStatus(
      {
        odsCode: "YES" as OdsCode,
        asid: "928942012545",
        partyKey: "YES-0000806",
        serviceRootUrl: `${root}/vm`,
      },
      ASKED,
      asking,
    ),
  );
  const { code, retryable, reason } = failure;
  expect(seen(result)).toEqual({ code, service: "VM", reason, retryable });
  expect(context.calls.calls).toMatchObject([
    { service: "VM", interaction: INTERACTION, target: null, outcome: code },
  ]);
  const audited = code === "UPSTREAM_REFUSED" ? "REFUSED" : "FAILED";
  expect(context.events).toMatchObject([{ nhsNumber: ASKED, outcome: audited, reason: reason ?? code }]);
  // The token begins with the same header each time.
  expectToHoldNone(result, [ASKED, "9990000026", url, "eyJhbGciOiJub25l", "Bearer", "OKORO"]);
});
