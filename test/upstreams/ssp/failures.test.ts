import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import type { UpstreamError } from "../../../src/platform/errors.js";
import { HttpFailure, type HttpFailureKind } from "../../../src/platform/http/http-client.js";
import { recordingTrail, testContext } from "../../support/call-context.js";
import { sendJson, startLocalServer } from "../../support/local-server.js";
import * as wire from "./resources.js";
import {
  failureOf,
  MAX_RESPONSE_BYTES,
  NHS_NUMBER,
  PRACTICE,
  sendText,
  startProxy,
  type TestProxy,
} from "./support.js";

const VALUE_SET = "https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1";
/** What must never come out again. */
const SECRET = `Patient ${NHS_NUMBER} at ${PRACTICE.serviceRootUrl} <Ashcombe>`;

const practice = (code: string, system?: string) => wire.practiceOutcome(code, SECRET, system);
const proxySays = (status: number, text: string) => wire.proxyOutcome(status, `${text} ${SECRET}`);
const html = `<html><body>Bad gateway ${SECRET}</body></html>`;

const REFUSED = { code: "UPSTREAM_REFUSED", retryable: false, outcomeUnknown: false };
const UNAVAILABLE = { code: "UPSTREAM_UNAVAILABLE", retryable: true, outcomeUnknown: true };
const TIMEOUT = { code: "UPSTREAM_TIMEOUT", retryable: true, outcomeUnknown: true };
const LIMITED = {
  code: "UPSTREAM_RATE_LIMITED",
  retryable: true,
  outcomeUnknown: false,
  notForwarded: false,
};

type Row = [status: number, body: unknown, expected: Record<string, unknown>];

/** GP Connect notes, sections 3.3 and 10.1; assurance notes, 2.3. */
const rows: Row[] = [
  // The proxy speaks.
  [
    400,
    proxySays(400, "ENDPOINT_https://a_CPAID_S1_VARIES_FROM_TARGETURL_https://b"),
    { ...REFUSED, service: "SSP", reason: "ENDPOINT_CHANGED", retryable: true, notForwarded: true },
  ],
  [
    400,
    `{"resourceType":"OperationOutcome","issue":[{"diagnostics":"ENDPOINT_a_CPAID_b_VARIES_FROM_TARGETURL_c",}]}`,
    { ...REFUSED, service: "SSP", reason: "ENDPOINT_CHANGED", retryable: true, notForwarded: true },
  ],
  [
    403,
    proxySays(403, "ASID_CHECK_FAILED_MESSAGESENDER_200000000115"),
    { ...REFUSED, service: "SSP", reason: "SENDER_NOT_ACCREDITED" },
  ],
  [
    403,
    proxySays(403, "PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_918999198738"),
    { ...REFUSED, service: "SSP", reason: "NOT_ON_GP_CONNECT" },
  ],
  [
    403,
    proxySays(403, "FOT_CHECK_FAILED_MESSAGESENDER_200000000115_MESSAGERECEIVER_918999198738"),
    { ...REFUSED, service: "SSP", reason: "NO_SHARING_AGREEMENT" },
  ],
  [
    403,
    "<OperationOutcome><diagnostics value='FOT_CHECK_FAILED_MESSAGESENDER_1'/></OperationOutcome>",
    { ...REFUSED, service: "SSP", reason: "NO_SHARING_AGREEMENT" },
  ],
  [403, proxySays(403, "SOMETHING_NEW"), { ...REFUSED, service: "SSP", reason: undefined }],
  [
    405,
    {
      resourceType: "OperationOutcome",
      issue: [
        {
          severity: "fatal",
          details: {
            coding: [
              {
                system: "https://fhir.nhs.uk/StructureDefinition/spine-operationoutcome-1",
                code: "405",
                display: "405: Method Not Allowed",
              },
            ],
          },
        },
      ],
    },
    { ...REFUSED, service: "SSP", reason: undefined },
  ],
  [415, proxySays(415, "Unsupported_Media_Type"), { ...REFUSED, service: "SSP", reason: undefined }],
  [429, "", { ...LIMITED, service: "SSP", reason: undefined }],
  // Only a 429 that bears the proxy's own marks proves that the practice got nothing.
  [429, proxySays(429, "LIMIT"), { ...LIMITED, service: "SSP", originUnsure: false, notForwarded: true }],
  [503, proxySays(503, "BUSY"), { ...UNAVAILABLE, service: "SSP", notForwarded: false }],
  [444, "", { ...REFUSED, service: "SSP", retryable: true, outcomeUnknown: true }],
  [495, html, { ...REFUSED, service: "SSP" }],
  [496, html, { ...REFUSED, service: "SSP" }],
  [497, html, { ...REFUSED, service: "SSP" }],
  // The proxy says that the practice did not.
  [
    502,
    proxySays(502, "ERROR_COMMUNICATING_TO_ENDPOINT_URL_https://gp.example"),
    { ...UNAVAILABLE, service: "PROVIDER", reason: undefined },
  ],
  [502, html, { ...UNAVAILABLE, service: "PROVIDER", reason: undefined }],
  [504, "", { ...TIMEOUT, service: "PROVIDER", reason: undefined }],
  [599, html, { ...TIMEOUT, service: "PROVIDER", reason: undefined }],
  [503, "", { ...UNAVAILABLE, service: "SSP", reason: undefined }],
  [500, "", { ...UNAVAILABLE, service: "SSP", reason: undefined }],
  // The practice speaks, in either spelling of the code system, or by its profile alone.
  [400, practice("INVALID_NHS_NUMBER"), { ...REFUSED, service: "PROVIDER", reason: "INVALID_NHS_NUMBER" }],
  [400, practice("BAD_REQUEST", VALUE_SET), { ...REFUSED, service: "PROVIDER", reason: "BAD_REQUEST" }],
  [400, practice("BAD_REQUEST", "urn:other"), { ...REFUSED, service: "PROVIDER", reason: "BAD_REQUEST" }],
  [
    400,
    { ...practice("INVALID_PATIENT_DEMOGRAPHICS"), meta: undefined },
    { ...REFUSED, service: "PROVIDER", reason: "INVALID_PATIENT_DEMOGRAPHICS" },
  ],
  [
    400,
    practice("BAD_REQUEST VARIES_FROM_TARGETURL"),
    { ...REFUSED, service: "PROVIDER", reason: "BAD_REQUEST_VARIES_FROM_TARGETURL" },
  ],
  [
    401,
    practice("AUTHOR_CREDENTIALS_ERROR"),
    { ...REFUSED, service: "PROVIDER", reason: "AUTHOR_CREDENTIALS_ERROR" },
  ],
  [403, practice("ACCESS_DENIED"), { ...REFUSED, service: "PROVIDER", reason: "NOT_ENABLED" }],
  [403, practice("ACCESS DENIED", VALUE_SET), { ...REFUSED, service: "PROVIDER", reason: "NOT_ENABLED" }],
  [
    403,
    practice("NO_ORGANISATION_CONSENT"),
    { ...REFUSED, service: "PROVIDER", reason: "NO_ORGANISATION_CONSENT" },
  ],
  [
    403,
    practice("NO_ORGANISATIONAL_CONSENT"),
    { ...REFUSED, service: "PROVIDER", reason: "NO_ORGANISATION_CONSENT" },
  ],
  [403, practice("NO_PATIENT_CONSENT"), { ...REFUSED, service: "PROVIDER", reason: "NO_PATIENT_CONSENT" }],
  [404, practice("NO_RECORD_FOUND"), { ...REFUSED, service: "PROVIDER", reason: "NO_RECORD_FOUND" }],
  [409, practice("DUPLICATE_REJECTED"), { ...REFUSED, service: "PROVIDER", reason: "DUPLICATE_REJECTED" }],
  [412, practice("PRECONDITION_FAILED"), { ...REFUSED, service: "PROVIDER", reason: "PRECONDITION_FAILED" }],
  [422, practice("INVALID_PARAMETER"), { ...REFUSED, service: "PROVIDER", reason: "INVALID_PARAMETER" }],
  [422, practice("REFERENCE_NOT_FOUND"), { ...REFUSED, service: "PROVIDER", reason: "REFERENCE_NOT_FOUND" }],
  [429, practice("TOO_MANY"), { ...LIMITED, service: "PROVIDER", reason: "TOO_MANY" }],
  [
    500,
    practice("INTERNAL_SERVER_ERROR"),
    { ...UNAVAILABLE, service: "PROVIDER", reason: "INTERNAL_SERVER_ERROR" },
  ],
  [503, practice("BUSY"), { ...UNAVAILABLE, service: "PROVIDER", reason: "BUSY" }],
  [
    501,
    practice("NOT_IMPLEMENTED"),
    { ...UNAVAILABLE, service: "PROVIDER", reason: "NOT_SUPPORTED", retryable: false, outcomeUnknown: false },
  ],
  [
    501,
    "",
    { ...UNAVAILABLE, service: "SSP", reason: "NOT_SUPPORTED", retryable: false, outcomeUnknown: false },
  ],
  // Codes that are none, and bodies that are none.
  [400, practice("invalid number 9000000009"), { ...REFUSED, service: "PROVIDER", reason: undefined }],
  [400, practice("CODE_9000000009"), { ...REFUSED, service: "PROVIDER", reason: undefined }],
  [400, practice("A".repeat(51)), { ...REFUSED, service: "PROVIDER", reason: undefined }],
  [
    404,
    { resourceType: "OperationOutcome", issue: { details: "x" } },
    { ...REFUSED, service: "SSP", reason: undefined },
  ],
  [404, "[1, 2", { ...REFUSED, service: "SSP", reason: undefined }],
  [404, "null", { ...REFUSED, service: "SSP", reason: undefined }],
  [404, '"text"', { ...REFUSED, service: "SSP", reason: undefined }],
  [302, "", { ...REFUSED, service: "SSP", reason: undefined }],
];

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startProxy();
});
afterAll(() => proxy.close());

const booking = {
  patientId: "pat-7",
  nhsNumber: NHS_NUMBER,
  slots: [{ id: "1", start: "2026-11-24T09:00:00+00:00", end: "2026-11-24T09:10:00+00:00" }],
  locationId: "l1",
  description: "Ears",
};
const find = (to: TestProxy, context = testContext()) => to.client.findPatient(PRACTICE, NHS_NUMBER, context);
const book = (to: TestProxy, context = testContext()) =>
  to.client.createAppointment(PRACTICE, booking, context);

/** No patient, no address, no token: neither in what is shown nor in what a careless logger would print. */
function expectNothingTold(error: UpstreamError): void {
  for (const told of [
    error.message,
    JSON.stringify(error),
    inspect(error, { depth: 10, showHidden: true }),
  ]) {
    expect(told).not.toMatch(/9000000009|provider\.example|gp\.example|Bearer|eyJ|Ashcombe|https?:/i);
  }
}

describe("an error response through the proxy", () => {
  // Proves GPC-STR-TST-GEN-12, GPC-STR-TST-GEN-13, GPC-CORE13, GPC-IG8.
  it.each(rows)("row %#: %i", async (status, body, expected) => {
    proxy.answerWith((_request, response) =>
      typeof body === "string" ? sendText(response, status, body) : sendJson(response, status, body),
    );
    for (const ask of [find, book]) {
      const error = await failureOf(ask(proxy));
      expect(error).toMatchObject({ ...expected, httpStatus: status });
      expectNothingTold(error);
    }
  });

  // Proves GPC-SPN-TST-09, GPC-STR-TST-GEN-05, GPC-IG10.
  it("is audited as refused, failed or unknown", async () => {
    const context = testContext();
    proxy.answerWith((_request, response) => sendJson(response, 403, practice("ACCESS_DENIED")));
    await failureOf(find(proxy, context));
    proxy.answerWith((_request, response) => sendText(response, 502, html));
    await failureOf(find(proxy, context));
    await failureOf(book(proxy, context));
    expect(context.events).toMatchObject([
      { outcome: "REFUSED", reason: "NOT_ENABLED", httpStatus: 403, nhsNumber: NHS_NUMBER },
      { outcome: "FAILED", reason: "UPSTREAM_UNAVAILABLE", httpStatus: 502 },
      { outcome: "UNKNOWN", reason: "UPSTREAM_UNAVAILABLE", httpStatus: 502 },
    ]);
    const sent = proxy.server.requests.slice(-3).map(({ headers }) => ({
      sspTraceId: headers["ssp-traceid"],
      sspFrom: headers["ssp-from"],
      sspTo: headers["ssp-to"],
      operation: `SSP ${headers["ssp-interactionid"]}`,
    }));
    expect(context.events).toMatchObject(sent);
    expect(context.calls.calls.map(({ outcome }) => outcome)).toEqual([
      "UPSTREAM_REFUSED",
      "UPSTREAM_UNAVAILABLE",
      "UPSTREAM_UNAVAILABLE",
    ]);
  });
});

// Proves GPC-SPN-TST-07, GPC-SPN-TST-09, GPC-STR-TST-GEN-12.
it.each(["NO_PATIENT_CONSENT", "NO_ORGANISATION_CONSENT"])(
  "a refusal for want of consent is written down with its code: %s",
  async (code) => {
    const context = testContext();
    proxy.answerWith((_request, response) => sendJson(response, 403, practice(code)));
    await failureOf(find(proxy, context));
    await failureOf(book(proxy, context));
    expect(context.events).toMatchObject([
      { outcome: "REFUSED", reason: code, httpStatus: 403, sspTraceId: expect.any(String) },
      { outcome: "REFUSED", reason: code, httpStatus: 403, sspTraceId: expect.any(String) },
    ]);
  },
);

it.each([
  ["x-rate-limit-remaining", true],
  ["x-request-id", false],
])("a 429 with the header %s is the proxy's own: %s", async (header, notForwarded) => {
  proxy.answerWith((_request, response) => void response.writeHead(429, { [header]: "0" }).end());
  expect(await failureOf(book(proxy))).toMatchObject({ ...LIMITED, service: "SSP", notForwarded });
});

// Proves GPC-STR-TST-GEN-11, GPC-CORE13.
it.each([
  ["of the practice", practice("NO_RECORD_FOUND"), SECRET],
  ["of the proxy", proxySays(404, "Nobody"), `Nobody ${SECRET}`],
  ["without end", wire.practiceOutcome("NO_RECORD_FOUND", "x".repeat(9_000)), "x".repeat(500)],
  ["with our token", wire.practiceOutcome("BAD", "got eyJhbGciOi.eyJzdWIi."), "got [token withheld]"],
])("diagnostics %s go to the audit and do not appear in the error", async (_whose, body, diagnostics) => {
  const context = testContext();
  proxy.answerWith((_request, response) => sendJson(response, 404, body));
  expectNothingTold(await failureOf(find(proxy, context)));
  expect(context.events).toMatchObject([{ outcome: "REFUSED", httpStatus: 404, diagnostics }]);
});

// Proves GPC-IG10.
it("a call to a practice fails when its audit record cannot be written", async () => {
  const full = () => {
    throw new Error("no space left");
  };
  proxy.answerWith((_request, response) => sendJson(response, 200, wire.bundle(wire.patient(NHS_NUMBER))));
  await expect(find(proxy, testContext({ audit: { ...recordingTrail([]), record: full } }))).rejects.toThrow(
    "no space left",
  );
});

describe("a success response that cannot be used", () => {
  it.each([
    ["nothing", ""],
    ["HTML", html],
    ["XML", "<Bundle xmlns='http://hl7.org/fhir'/>"],
    ["half of it", '{"resourceType":"Bundle","entry":[{"resource":'],
    ["a list", "[]"],
    ["null", "null"],
  ])("is %s", async (_name, body) => {
    proxy.answerWith((_request, response) => sendText(response, 200, body));
    const error = await failureOf(find(proxy));
    expect(error).toMatchObject({ code: "UPSTREAM_BAD_RESPONSE", service: "PROVIDER", reason: "NOT_JSON" });
    expectNothingTold(error);
  });

  it.each<[string, unknown]>([
    ["another resource", wire.patient(NHS_NUMBER)],
    ["an outcome with a good status", practice("BAD_REQUEST")],
    ["JSON that is not FHIR", { entry: [] }],
    ["a resource type that is no text", { resourceType: ["Bundle"] }],
  ])("is %s", async (_name, body) => {
    proxy.answerWith((_request, response) => sendJson(response, 200, body));
    const error = await failureOf(find(proxy));
    expect(error).toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      service: "PROVIDER",
      reason: "WRONG_RESOURCE",
    });
    expectNothingTold(error);
  });

  it("is a bad response when it exceeds the size limit", async () => {
    proxy.answerWith((_request, response) => sendText(response, 200, " ".repeat(MAX_RESPONSE_BYTES + 1)));
    const error = await failureOf(find(proxy));
    expect(error).toMatchObject({ code: "UPSTREAM_BAD_RESPONSE", service: "PROVIDER", retryable: false });
    expectNothingTold(error);
  });

  it("is not one with a byte order mark", async () => {
    proxy.answerWith((_request, response) =>
      sendText(response, 200, `\uFEFF${JSON.stringify(wire.bundle())}`),
    );
    expect(await find(proxy)).toEqual([]);
  });
});

describe("a call without a response", () => {
  const opened: TestProxy[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

  async function open(options: Parameters<typeof startProxy>[0]): Promise<TestProxy> {
    const one = await startProxy(options);
    opened.push(one);
    return one;
  }

  const silent = { service: "SSP", reason: undefined, httpStatus: undefined };

  async function expectBoth(to: TestProxy, expected: Record<string, unknown>): Promise<void> {
    for (const ask of [find, book]) {
      const error = await failureOf(ask(to));
      expect(error).toMatchObject(expected);
      expectNothingTold(error);
    }
  }

  it("fails as unavailable when nothing listens at the address", async () => {
    const server = await startLocalServer(() => {});
    await server.close();
    await expectBoth(await open({ url: server.url }), {
      ...silent,
      code: "UPSTREAM_UNAVAILABLE",
      retryable: true,
    });
  });

  it.each<[HttpFailureKind, Record<string, unknown>]>([
    ["refused", { ...UNAVAILABLE, outcomeUnknown: false }],
    ["unresolved", { ...UNAVAILABLE, outcomeUnknown: false }],
    ["tls", { ...UNAVAILABLE, outcomeUnknown: false, retryable: false }],
    ["reset", UNAVAILABLE],
    ["timeout", TIMEOUT],
  ])("of kind %s says whether the outcome of a write is unknown", async (kind, expected) => {
    const http = { request: () => Promise.reject(new HttpFailure(kind)) };
    await expectBoth(await open({ http }), { ...silent, ...expected });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["before the head", (response) => response.socket?.destroy()],
    [
      "inside the body",
      (response) => {
        response.writeHead(200, { "content-length": "1000" }).write('{"resourceType"');
        setTimeout(() => response.socket?.destroy(), 5);
      },
    ],
  ])("is cut %s", async (_name, cut) => {
    proxy.answerWith((_request, response) => cut(response));
    await expectBoth(proxy, { ...silent, ...UNAVAILABLE });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["head", () => {}],
    ["body", (response) => void response.writeHead(200).write("{")],
  ])("times out waiting for the %s", async (_name, stall) => {
    const hasty = await open({ timeoutMs: 30, writeTimeoutMs: 30 });
    hasty.answerWith((_request, response) => stall(response));
    await expectBoth(hasty, { ...silent, ...TIMEOUT });
  });

  it("is aborted when the caller of a read disconnects", async () => {
    const gone = new AbortController();
    proxy.answerWith(() => gone.abort());
    const error = await failureOf(find(proxy, testContext({ signal: gone.signal })));
    expect(error).toMatchObject({ ...silent, code: "UPSTREAM_UNAVAILABLE" });
    expectNothingTold(error);
  });
});
