import { toTraceCriteria } from "../../../src/domain/trace-details.js";
import { createPdsClient } from "../../../src/upstreams/pds/index.js";
import { TestClock, testContext } from "../../support/call-context.js";
import {
  CONTENT_FAILURES,
  expectToHoldNone,
  type Failure,
  json,
  PDS_STATUS_FAILURES,
  runInto,
  seen,
} from "./failure-list.js";
import { fixedAccess } from "./pds-service.js";
import { LEAST, matched, type SearchService, searchset, startSearchService } from "./search-service.js";

const ONE = "9990000018";
const TWO = "9990000026";

let pds: SearchService;
beforeEach(async () => {
  pds = await startSearchService();
});
afterEach(() => pds.close());

const outcome = (issue: object) => ({ resourceType: "OperationOutcome", issue: [issue] });
const coded = (code: string) =>
  outcome({ severity: "error", code: "value", details: { coding: [{ code }] } });
const TOO_MANY = coded("TOO_MANY_MATCHES");

/** The numbers found, in order. */
async function numbers(body: object, mode?: "application" | "user"): Promise<string[]> {
  pds.answerWith(200, body);
  const found = await pds.search(LEAST, testContext(), mode);
  return found.kind === "matches" ? found.matches.map(({ nhsNumber }) => nhsNumber) : [found.kind];
}

describe("the result of a PDS search", () => {
  it.each([
    ["no entry at all", searchset()],
    ["an empty one", { ...searchset(), entry: [] }],
    ["no total either", { resourceType: "Bundle", type: "searchset" }],
  ])("is an empty list: %s", async (_case, body) => {
    expect(await numbers(body)).toEqual([]);
  });

  it("is in order of match score, without the score", async () => {
    const body = searchset([matched(ONE), 0.75], [matched("9990000034")], [matched(TWO), 0.9542]);
    expect(await numbers(body)).toEqual([TWO, ONE, "9990000034"]);
    expect(JSON.stringify(await pds.search())).not.toContain("0.9");
  });

  it("lists a person once who matched by superseded and current number", async () => {
    expect(await numbers(searchset([matched(ONE), 0.8], [matched(TWO), 0.9], [matched(ONE), 1]))).toEqual([
      ONE,
      TWO,
    ]);
  });

  it.each(["warning", "information"])("is not affected by an outcome of severity %s", async (severity) => {
    const outcomeEntry = {
      resource: outcome({ severity, code: "informational" }),
      search: { mode: "outcome" },
    };
    const { entry = [], ...rest } = searchset([matched(ONE), 1]);
    expect(await numbers({ ...rest, entry: [outcomeEntry, ...entry] })).toEqual([ONE]);
  });

  it("holds only the elements that a search returns", async () => {
    const name = [{ use: "usual", family: "Oak", given: ["Ida"] }];
    const practice = {
      identifier: { system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "A20047" },
    };
    const rest = {
      name,
      birthDate: "1952",
      generalPractitioner: [practice],
      address: [{ use: "home", line: ["1 Way"] }],
    };
    pds.answerWith(200, searchset([matched(ONE, rest), 1]));
    expect(await pds.search()).toEqual({
      kind: "matches",
      matches: [
        {
          nhsNumber: ONE,
          confidentiality: "U",
          names: [{ use: "usual", family: "Oak", given: ["Ida"], prefix: [], suffix: [] }],
          birthDate: "1952",
          addresses: [{ use: "home", lines: ["1 Way"] }],
        },
      ],
    });
  });

  it("may be a restricted record without name and address", async () => {
    const security = [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "V" }];
    pds.answerWith(200, searchset([matched(ONE, { meta: { security } }), 1]));
    expect(await pds.search()).toMatchObject({
      matches: [{ nhsNumber: ONE, confidentiality: "V", names: [], addresses: [] }],
    });
  });

  it("is too many matches when PDS says so with status 200", async () => {
    expect(await numbers(TOO_MANY)).toEqual(["too-many"]);
  });

  it("is never several people in application mode", async () => {
    const several = searchset([matched(ONE), 1], [matched(TWO), 1]);
    expect(await numbers(several, "application")).toEqual(["too-many"]);
    expect(await numbers(several, "user")).toEqual([ONE, TWO]);
    expect(await numbers(searchset([matched(ONE), 1]), "application")).toEqual([ONE]);
  });
});

describe("call log and audit of a PDS search", () => {
  it("record one call, and an access to each person found", async () => {
    pds.answerWith(200, searchset([matched(ONE), 1], [matched(TWO), 0.9]));
    const context = testContext();
    await pds.search(LEAST, context);
    expect(context.calls.calls).toMatchObject([
      { service: "PDS", interaction: "Patient.search", target: null, outcome: "OK" },
    ]);
    const operation = "PDS Patient.search";
    expect(context.events).toEqual([
      { operation, outcome: "SUCCEEDED", httpStatus: 200 },
      { operation, outcome: "SUCCEEDED", reason: "MATCHED", nhsNumber: ONE },
      { operation, outcome: "SUCCEEDED", reason: "MATCHED", nhsNumber: TWO },
    ]);
  });

  it("record that nobody was found", async () => {
    const context = testContext();
    await pds.search(LEAST, context);
    expect(context.calls.calls).toMatchObject([{ outcome: "NOT_FOUND" }]);
    expect(context.events).toMatchObject([{ outcome: "SUCCEEDED", reason: "NOT_FOUND" }]);
  });
});

const refused = { code: "UPSTREAM_REFUSED", retryable: false } as const;
const unusable = { code: "UPSTREAM_BAD_RESPONSE", retryable: false } as const;
const notSupported = outcome({
  severity: "warning",
  code: "not-supported",
  diagnostics: "no example for canary-name",
});

const SEARCH_FAILURES: readonly Failure[] = [
  {
    name: "400 INVALID_SEARCH_DATA",
    answer: json(400, coded("INVALID_SEARCH_DATA")),
    ...refused,
    reason: "INVALID_SEARCH_DATA",
  },
  {
    name: "403 INVALID_VALUE",
    answer: json(403, coded("INVALID_VALUE")),
    ...refused,
    reason: "INVALID_VALUE",
  },
  {
    name: "the public sandbox's warning",
    answer: json(200, notSupported),
    ...refused,
    reason: "SEARCH_NOT_SUPPORTED",
  },
  {
    name: "another outcome under 200",
    answer: json(200, coded("INVALID_VALUE")),
    ...refused,
    reason: "INVALID_VALUE",
  },
  { name: "an outcome without a code", answer: json(200, outcome({})), ...refused },
  {
    name: "a misshapen outcome",
    answer: json(200, { ...TOO_MANY, issue: {} }),
    ...unusable,
    reason: "MALFORMED_RESOURCE",
  },
  {
    name: "a patient that nobody asked for",
    answer: json(200, matched(ONE)),
    ...unusable,
    reason: "WRONG_RESOURCE",
  },
  {
    name: "another kind of bundle",
    answer: json(200, { ...searchset(), type: "batch" }),
    ...unusable,
    reason: "MALFORMED_RESOURCE",
  },
  {
    name: "an object where an array belongs",
    answer: json(200, { ...searchset(), entry: {} }),
    ...unusable,
    reason: "MALFORMED_RESOURCE",
  },
  {
    name: "an entry without a patient",
    answer: json(200, searchset([{ resourceType: "Binary" }])),
    ...unusable,
    reason: "MALFORMED_RESOURCE",
  },
  {
    name: "fewer than were counted",
    answer: json(200, { ...searchset([matched(ONE), 1]), total: 2 }),
    ...unusable,
    reason: "INCOMPLETE_RESPONSE",
  },
  {
    name: "somebody counted and not there",
    answer: json(200, { ...searchset(), total: 1 }),
    ...unusable,
    reason: "INCOMPLETE_RESPONSE",
  },
  {
    name: "a next page",
    answer: json(200, {
      ...searchset([matched(ONE), 1]),
      link: [{ relation: "next", url: "https://x.example" }],
    }),
    ...unusable,
    reason: "INCOMPLETE_RESPONSE",
  },
  {
    name: "an error beside the matches",
    answer: json(200, searchset([matched(ONE), 1], [coded("INVALID_VALUE")])),
    ...unusable,
    reason: "INCOMPLETE_RESPONSE",
  },
  {
    name: "a number against its own identifier",
    answer: json(200, searchset([{ ...matched(ONE), id: TWO }])),
    ...unusable,
    reason: "WRONG_PATIENT",
  },
  {
    name: "a number said once only",
    answer: json(200, searchset([matched(ONE, { identifier: [] })])),
    ...unusable,
    reason: "WRONG_PATIENT",
  },
  {
    name: "a wrong check digit",
    answer: json(200, searchset([matched("9000000015")])),
    ...unusable,
    reason: "WRONG_PATIENT",
  },
];

const TOKEN = "canary-token";
const NAME = "Canaryname";

describe("a PDS search response that cannot be used", () => {
  it.each([...PDS_STATUS_FAILURES, ...CONTENT_FAILURES, ...SEARCH_FAILURES])("$name", async (failure) => {
    const { result, url, context } = await runInto(failure, ({ context: asking, ...setting }) =>
      createPdsClient({
        ...setting,
        clock: new TestClock(),
        access: fixedAccess(TOKEN, "user"),
      }).searchPatients(toTraceCriteria({ ...LEAST, family: NAME }), asking),
    );
    const { code, retryable, reason } = failure;
    expect(seen(result)).toEqual({ code, service: "PDS", reason, retryable });
    expect(context.calls.calls).toMatchObject([
      { service: "PDS", interaction: "Patient.search", outcome: code },
    ]);
    const audited = code === "UPSTREAM_REFUSED" ? "REFUSED" : "FAILED";
    expect(context.events).toMatchObject([{ outcome: audited, reason: reason ?? code }]);
    for (const place of [result, context.events, context.calls.calls]) {
      expectToHoldNone(place, [ONE, TWO, url, TOKEN, NAME, "canary"]);
    }
  });
});
