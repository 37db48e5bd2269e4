import { readFileSync } from "node:fs";
import path from "node:path";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import {
  createFhirDirectory,
  type DirectoryQuery,
  GP_CONNECT_DIRECTORY_INTERACTION,
} from "../../../src/upstreams/sds/index.js";
import { type TestContext, testContext } from "../../support/call-context.js";
import { bundle, type DirectoryServer, device, endpoint, startDirectoryServer } from "./directory-server.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PRACTICE: DirectoryQuery = {
  odsCode: "T81001" as OdsCode,
  interaction: GP_CONNECT_DIRECTORY_INTERACTION,
};
const SPINE: DirectoryQuery = {
  odsCode: "YES" as OdsCode,
  interaction: "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1",
  partyKey: "YES-0000806",
};
const http = new HttpClient();

let server: DirectoryServer;
beforeEach(async () => {
  server = await startDirectoryServer();
});
afterEach(() => server.close());
afterAll(() => http.close());

function fixture(name: string): object {
  return JSON.parse(readFileSync(path.resolve(__dirname, "../../fixtures/sds", `${name}.json`), "utf8"));
}

const practiceHolding = () => ({ endpoint: fixture("endpoint-bundle"), device: fixture("device-bundle") });

function lookUp(queries: DirectoryQuery[], context: TestContext = testContext(), options: object = {}) {
  return createFhirDirectory({ url: server.url, http, timeoutMs: 10_000, ...options }).lookUp(
    queries,
    context,
  );
}

describe("the requests to the SDS FHIR API", () => {
  // Proves GPC-SPN-TST-01, GPC-SPN-TST-02.
  it.each(["", "/"])("name one organisation and one interaction (base URL ending in %p)", async (slash) => {
    server.holding = practiceHolding();
    const url = `${server.url}/spine-directory/FHIR/R4${slash}`;
    await lookUp([PRACTICE], testContext(), { url, apiKey: "key-canary" });
    const parameters =
      "organization=https://fhir.nhs.uk/Id/ods-organization-code%7CT81001&identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId%7Curn:nhs:names:services:gpconnect:fhir:rest:search:slot-1";
    expect(server.requests.map(({ path }) => path).sort()).toEqual([
      `/spine-directory/FHIR/R4/Device?${parameters}`,
      `/spine-directory/FHIR/R4/Endpoint?${parameters}`,
    ]);
    for (const { method, headers } of server.requests) {
      expect(method).toBe("GET");
      expect(headers).toEqual({
        host: expect.any(String),
        connection: "keep-alive",
        accept: "application/fhir+json",
        "accept-encoding": "gzip",
        apikey: "key-canary",
        "x-correlation-id": "5a4b8f6e-1f7f-4e43-9f37-0d7c1b1d9a01",
      });
    }
  });

  it("name a national service by its party key, and its Device by organisation too", async () => {
    server.holding = {
      endpoint: bundle(endpoint("https://spine.example/vm", "YES-0000806", "YES")),
      device: bundle(device("928942012545", "YES-0000806")),
    };
    expect(await lookUp([SPINE])).toEqual([
      {
        kind: "entry",
        entry: {
          odsCode: "YES",
          asid: "928942012545",
          partyKey: "YES-0000806",
          serviceRootUrl: "https://spine.example/vm",
        },
      },
    ]);
    const service =
      "identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId%7Curn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1&identifier=https://fhir.nhs.uk/Id/nhsMhsPartyKey%7CYES-0000806";
    expect(server.asked("Endpoint").map(({ path }) => path)).toEqual([`/Endpoint?${service}`]);
    expect(server.asked("Device").map(({ path }) => path)).toEqual([
      `/Device?organization=https://fhir.nhs.uk/Id/ods-organization-code%7CYES&${service}`,
    ]);
  });

  it("have a new UUID when the caller's correlation id is not a UUID", async () => {
    server.holding = practiceHolding();
    await lookUp([PRACTICE], testContext({ correlationId: "trace-17" }));
    for (const { headers } of server.requests) {
      expect(headers["x-correlation-id"]).toMatch(UUID);
      expect(headers).not.toHaveProperty("apikey");
    }
  });

  it("are sent concurrently", async () => {
    const waiting: (() => void)[] = [];
    const whenBothAreHere = (body: object) => (response: import("node:http").ServerResponse) => {
      waiting.push(() => response.end(JSON.stringify(body)));
      if (waiting.length === 2) for (const answer of waiting) answer();
    };
    const { endpoint: addresses, device: systems } = practiceHolding();
    server.holding = { endpoint: whenBothAreHere(addresses), device: whenBothAreHere(systems) };
    expect(await lookUp([PRACTICE])).toMatchObject([{ kind: "entry" }]);
  });

  it.each([
    ["an interaction with a wildcard", { ...PRACTICE, interaction: "urn:nhs:names:services:*" }],
    ["an interaction of another kind", { ...PRACTICE, interaction: "urn:oid:1.2.3" }],
    ["a party key with a bracket", { ...SPINE, partyKey: "YES-0000806)(a=*" }],
    ["an ODS code in small letters", { ...PRACTICE, odsCode: "t81001" as OdsCode }],
  ])("are not sent for %s", async (_name, query) => {
    const context = testContext();
    expect(await lookUp([query], context)).toMatchObject([
      {
        kind: "fault",
        error: {
          code: "UPSTREAM_REFUSED",
          service: "SDS",
          reason: "MALFORMED_DIRECTORY_QUERY",
          retryable: false,
        },
      },
    ]);
    expect(server.requests).toEqual([]);
    expect(context.calls.calls).toEqual([]);
  });
});

describe("the directory entry", () => {
  // Proves GPC-SPN-TST-01, GPC-SPN-TST-02.
  it("has the address as sent, joined by party key without regard to case", async () => {
    server.holding = practiceHolding();
    expect(await lookUp([PRACTICE])).toEqual([
      {
        kind: "entry",
        entry: {
          odsCode: "T81001",
          asid: "918000000001",
          partyKey: "T81001-9100001",
          serviceRootUrl: "https://gp.supplier.example:8443//T81001/STU3/1/gpconnect/%7E/",
        },
      },
    ]);
  });

  it.each(["warning", "information"])("is not affected by an outcome of severity %s", async (severity) => {
    const outcome = { resourceType: "OperationOutcome", issue: [{ severity, code: "informational" }] };
    const warned = ({ entry, ...rest }: ReturnType<typeof bundle>) => ({
      ...rest,
      entry: [{ resource: outcome }, ...entry],
    });
    server.holding = {
      endpoint: warned(bundle(endpoint("https://gp.example"))),
      device: warned(bundle(device("918000000001"))),
    };
    expect(await lookUp([PRACTICE])).toMatchObject([{ kind: "entry", entry: { asid: "918000000001" } }]);
  });

  it("is returned for its own query, and one fault affects no other query", async () => {
    const other = { ...PRACTICE, odsCode: "T81002" as OdsCode };
    const bad = { ...PRACTICE, interaction: "nonsense" };
    server.holding = practiceHolding();
    const answers = await lookUp([other, bad, PRACTICE, PRACTICE]);
    // The one address belongs to T81001: for T81002 there is none, asked twice.
    expect(answers.map(({ kind }) => kind)).toEqual(["none", "fault", "entry", "entry"]);
    expect(server.requests.filter(({ path }) => path.includes("T81001"))).toHaveLength(2);
    expect(server.requests.filter(({ path }) => path.includes("T81002"))).toHaveLength(4);
  });
});

describe("call log and audit of a directory look-up", () => {
  it("record one Endpoint and one Device call for the organisation, and no patient", async () => {
    server.holding = practiceHolding();
    const context = testContext();
    await lookUp([PRACTICE], context);
    const common = { service: "SDS", target: "T81001", startedMs: 0, durationMs: 0, outcome: "OK" };
    expect(context.calls.calls).toEqual([
      { ...common, interaction: "Endpoint" },
      { ...common, interaction: "Device" },
    ]);
    expect(context.events.map(({ operation, odsCode }) => [operation, odsCode]).sort()).toEqual([
      ["SDS Device", "T81001"],
      ["SDS Endpoint", "T81001"],
    ]);
  });

  it("record NOT_FOUND for a response without entries", async () => {
    server.holding = { endpoint: fixture("empty-bundle"), device: fixture("empty-bundle") };
    const context = testContext();
    await lookUp([PRACTICE], context);
    expect(context.calls.calls.map(({ outcome }) => outcome)).toEqual(Array(4).fill("NOT_FOUND"));
  });
});
