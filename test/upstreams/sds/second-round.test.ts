import type { OdsCode } from "../../../src/domain/ods-code.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import { createFhirDirectory, GP_CONNECT_DIRECTORY_INTERACTION } from "../../../src/upstreams/sds/index.js";
import { testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import {
  bundle,
  type DirectoryServer,
  device,
  endpoint,
  type Holding,
  type Reply,
  startDirectoryServer,
} from "./directory-server.js";

const http = new HttpClient();
const ADDRESS = bundle(endpoint("https://gp.example/T81001"));
const SYSTEM = bundle(device("918000000001"));
const EMPTY = bundle();

let server: DirectoryServer;
beforeEach(async () => {
  server = await startDirectoryServer();
});
afterEach(() => server.close());
afterAll(() => http.close());

async function ask(holding: Holding) {
  server.holding = holding;
  const directory = createFhirDirectory({ url: server.url, http, timeoutMs: 10_000 });
  const [answer] = await directory.lookUp(
    [{ odsCode: "T81001" as OdsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION }],
    testContext(),
  );
  return answer;
}

/** How each resource was asked for, round by round. */
function rounds() {
  const cacheControl = (resource: "Endpoint" | "Device") =>
    server.asked(resource).map(({ headers }) => headers["cache-control"]);
  return { endpoint: cacheControl("Endpoint"), device: cacheControl("Device") };
}

const ONCE = { endpoint: [undefined], device: [undefined] };
const TWICE = { endpoint: [undefined, "no-cache"], device: [undefined, "no-cache"] };

it("the second SDS round is not sent when Endpoint and Device are found", async () => {
  expect(await ask({ endpoint: ADDRESS, device: SYSTEM })).toMatchObject({ kind: "entry" });
  expect(rounds()).toEqual(ONCE);
});

const firstRounds: [string, Reply, Reply][] = [
  ["there is neither", EMPTY, EMPTY],
  ["there is no Endpoint", EMPTY, SYSTEM],
  ["there is no Device", ADDRESS, EMPTY],
  ["there is no list of entries at all", { resourceType: "Bundle", total: 0 }, SYSTEM],
  ["the address is empty", bundle(endpoint("")), SYSTEM],
  ["the address is missing", bundle(endpoint(undefined)), SYSTEM],
  ["the address is blank", bundle(endpoint("  ")), SYSTEM],
  ["the Device has no ASID", ADDRESS, bundle(device(undefined))],
];

it.each(firstRounds)(
  "both SDS requests are sent again with no-cache when %s",
  async (_name, first, second) => {
    const answer = await ask({ endpoint: [first, ADDRESS], device: [second, SYSTEM] });
    expect(answer).toMatchObject({ kind: "entry", entry: { asid: "918000000001" } });
    expect(rounds()).toEqual(TWICE);
  },
);

it.each([
  ["none: neither", EMPTY, EMPTY, { kind: "none" }],
  ["none: a consumer-only site", EMPTY, SYSTEM, { kind: "none" }],
  ["none: an address that is empty", bundle(endpoint("")), SYSTEM, { kind: "none" }],
  [
    "fault: an address without a system",
    ADDRESS,
    EMPTY,
    { kind: "fault", error: { reason: "DIRECTORY_ENTRY_INCOMPLETE" } },
  ],
])("a directory look-up ends after two rounds with %s", async (_name, addresses, systems, expected) => {
  expect(await ask({ endpoint: addresses, device: systems })).toMatchObject(expected);
  expect(rounds()).toEqual(TWICE);
});

it("the second SDS round is not sent when the Device has another party key", async () => {
  const other = bundle(device("918000000001", "PORTAL-800001"));
  expect(await ask({ endpoint: ADDRESS, device: other })).toMatchObject({ kind: "fault" });
  expect(rounds()).toEqual(ONCE);
});

it("a failed second SDS round makes the query a fault", async () => {
  const failing: Reply = (response) => sendJson(response, 503, {});
  expect(await ask({ endpoint: [EMPTY, failing], device: [EMPTY, SYSTEM] })).toMatchObject({
    kind: "fault",
    error: { code: "UPSTREAM_UNAVAILABLE", service: "SDS", retryable: true },
  });
});
