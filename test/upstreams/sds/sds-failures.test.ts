import { readFileSync } from "node:fs";
import path from "node:path";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createFhirDirectory, GP_CONNECT_DIRECTORY_INTERACTION } from "../../../src/upstreams/sds/index.js";
import { recordingTrail } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
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
import { bundle, device, endpoint } from "./directory-server.js";

const API_KEY = "key-canary-0f3d";
const QUERY = { odsCode: "T81001" as OdsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
const ADDRESS = "https://gp.example/T81001";
const refused = { code: "UPSTREAM_REFUSED", retryable: false } as const;

const badRequest = JSON.parse(
  readFileSync(path.resolve(__dirname, "../../fixtures/sds/error-bad-request.json"), "utf8"),
);
const outcome = (code: string) => ({
  resourceType: "OperationOutcome",
  issue: [{ severity: "error", code: "exception", details: { coding: [{ code }] } }],
});

const SDS_FAILURES: readonly Failure[] = [
  { name: "400 BAD_REQUEST", answer: json(400, badRequest), ...refused, reason: "BAD_REQUEST" },
  {
    name: "404 NO_RECORD_FOUND, which is a wrong path",
    answer: json(404, outcome("NO_RECORD_FOUND")),
    ...refused,
    reason: "NO_RECORD_FOUND",
  },
  {
    name: "406 MISSING_OR_INVALID_HEADER",
    answer: json(406, outcome("MISSING_OR_INVALID_HEADER")),
    ...refused,
    reason: "MISSING_OR_INVALID_HEADER",
  },
  {
    name: "502 INTERNAL_SERVER_ERROR",
    answer: json(502, outcome("INTERNAL_SERVER_ERROR")),
    code: "UPSTREAM_UNAVAILABLE",
    retryable: true,
    reason: "INTERNAL_SERVER_ERROR",
  },
  { name: "a code that is no code", answer: json(400, outcome(`see ${ADDRESS}`)), ...refused },
  {
    name: "200 with an OperationOutcome",
    answer: json(200, outcome("INTERNAL_SERVER_ERROR")),
    ...unusable("WRONG_RESOURCE"),
  },
  {
    name: "an entry of another kind",
    answer: json(200, bundle({ resourceType: "Patient" })),
    ...unusable("WRONG_RESOURCE"),
  },
  {
    name: "object where the list of entries belongs",
    answer: json(200, { resourceType: "Bundle", entry: {} }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "an entry without a resource",
    answer: json(200, { resourceType: "Bundle", entry: [{}] }),
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "object where identifiers belong",
    answer: (request, response) => {
      const resourceType = request.path.startsWith("/Endpoint") ? "Endpoint" : "Device";
      sendJson(response, 200, bundle({ resourceType, identifier: {} }));
    },
    ...unusable("MALFORMED_RESOURCE"),
  },
  {
    name: "a total above the entries",
    answer: json(200, { ...bundle(), total: 1 }),
    ...unusable("INCOMPLETE_RESPONSE"),
  },
  {
    name: "a next page",
    answer: json(200, { ...bundle(), link: [{ relation: "next", url: "http://sds.example/page-2" }] }),
    ...unusable("INCOMPLETE_RESPONSE"),
  },
  {
    name: "an error beside the entries",
    answer: json(200, bundle({ resourceType: "OperationOutcome", issue: [{ severity: "error" }] })),
    ...unusable("INCOMPLETE_RESPONSE"),
  },
];

const FAILURES = [...TRANSPORT_FAILURES, ...STATUS_FAILURES, ...CONTENT_FAILURES, ...SDS_FAILURES];

/** One look-up against the failure; the answer's error is handed on as if thrown. */
const lookUp = (failure: Failure) =>
  runInto(failure, async ({ context, ...setting }) => {
    const [answer] = await createFhirDirectory({ ...setting, apiKey: API_KEY }).lookUp([QUERY], context);
    return answer?.kind === "fault" ? answer.error : answer;
  });

it.each(FAILURES)("both SDS requests fail: $name", async (failure) => {
  const { result, url, context } = await lookUp(failure);
  const { code, retryable, reason } = failure;
  expect(seen(result)).toEqual({ code, service: "SDS", reason, retryable });
  const logged = { service: "SDS", target: "T81001", outcome: code };
  expect(context.calls.calls).toMatchObject([
    { ...logged, interaction: "Endpoint" },
    { ...logged, interaction: "Device" },
  ]);
  expectToHoldNone(result, [url, API_KEY, ADDRESS]);
});

describe.each([
  ["Endpoint", bundle(device("918000000001"))],
  ["Device", bundle(endpoint(ADDRESS))],
])("only the SDS %s request fails", (failing, sound) => {
  it.each(FAILURES.filter(({ cancelled, nobodyListens }) => !cancelled && !nobodyListens))(
    "$name",
    async (failure) => {
      const { result, context } = await lookUp({
        ...failure,
        answer: (request, response) =>
          request.path.startsWith(`/${failing}`)
            ? failure.answer(request, response)
            : sendJson(response, 200, sound),
      });
      const { code, retryable, reason } = failure;
      expect(seen(result)).toEqual({ code, service: "SDS", reason, retryable });
      const logged = context.calls.calls.map(({ interaction, outcome }) => [interaction, outcome]);
      expect(logged).toEqual([
        ["Endpoint", failing === "Endpoint" ? code : "OK"],
        ["Device", failing === "Device" ? code : "OK"],
      ]);
    },
  );
});

// Proves GPC-IG10.
it("a directory look-up fails when its audit record cannot be written", async () => {
  const { result } = await runInto(
    { name: "", answer: json(200, bundle()), code: "UPSTREAM_REFUSED", retryable: false },
    ({ context, ...setting }) => {
      const record = () => {
        throw new Error("disk full");
      };
      return createFhirDirectory(setting).lookUp([QUERY], {
        ...context,
        audit: { ...recordingTrail([]), record },
      });
    },
  );
  expect(result).toEqual(new Error("disk full"));
});
