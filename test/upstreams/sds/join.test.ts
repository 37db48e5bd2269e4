import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createLog } from "../../../src/platform/telemetry/log.js";
import { GP_CONNECT_DIRECTORY_INTERACTION } from "../../../src/upstreams/sds/index.js";
import { type EndpointRecord, joinRecords, type SystemRecord } from "../../../src/upstreams/sds/join.js";

const query = { odsCode: "T81001" as OdsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
const national = { ...query, partyKey: "YES-0000806" };

const at = (address: string, partyKey?: string, odsCode?: string): EndpointRecord => ({
  address,
  partyKey,
  odsCode,
});
const as = (asid: string, partyKey?: string, ownerOdsCode?: string): SystemRecord => ({
  asid,
  partyKey,
  ownerOdsCode,
});

const none = { kind: "none" };
const entry = (asid: string, serviceRootUrl: string, partyKey = "A-1") => ({
  kind: "entry",
  entry: { odsCode: "T81001", asid, partyKey, serviceRootUrl },
});
const ambiguous = {
  kind: "fault",
  error: {
    code: "UPSTREAM_BAD_RESPONSE",
    service: "SDS",
    reason: "AMBIGUOUS_DIRECTORY_ENTRY",
    retryable: false,
  },
};
const incomplete = {
  kind: "fault",
  error: { code: "UPSTREAM_REFUSED", service: "SDS", reason: "DIRECTORY_ENTRY_INCOMPLETE", retryable: false },
};

/** Zero, one, many (SDS notes, section 5.5). */
const cases: [string, EndpointRecord[], SystemRecord[], object][] = [
  ["nothing", [], [], none],
  ["a consumer-only site", [], [as("1", "A-1")], none],
  ["another organisation's address", [at("u", "A-1", "T99999")], [as("1", "A-1")], none],
  ["one and one", [at("u", "A-1", "T81001")], [as("1", "A-1", "T81001")], entry("1", "u")],
  ["one and one, owned elsewhere", [at("u", "A-1")], [as("1", "A-1", "T99999")], entry("1", "u")],
  ["keys in another case", [at("u", "a-1")], [as("1", "A-1")], entry("1", "u", "a-1")],
  ["an address alone", [at("u", "A-1")], [], incomplete],
  ["an address and a system of another key", [at("u", "A-1")], [as("1", "B-2")], incomplete],
  ["an address without a key", [at("u")], [as("1", "A-1")], incomplete],
  ["neither has a key", [at("u")], [as("1")], incomplete],
  ["two addresses, no system", [at("u", "A-1"), at("v", "B-2")], [], incomplete],
  ["two addresses of one system", [at("u", "A-1"), at("v", "A-1")], [as("1", "A-1")], ambiguous],
  ["the same address twice", [at("u", "A-1"), at("u", "a-1")], [as("1", "A-1")], entry("1", "u", "a-1")],
  [
    "two suppliers, one with a system",
    [at("u", "A-1"), at("v", "B-2")],
    [as("2", "B-2")],
    entry("2", "v", "B-2"),
  ],
  [
    "two suppliers with a system each",
    [at("u", "A-1"), at("v", "B-2")],
    [as("1", "A-1"), as("2", "B-2")],
    ambiguous,
  ],
  ["two systems", [at("u", "A-1")], [as("1", "A-1"), as("2", "A-1")], ambiguous],
  ["one system twice", [at("u", "A-1")], [as("1", "A-1"), as("1", "A-1", "T99999")], entry("1", "u")],
  [
    "two systems, one of them its own",
    [at("u", "A-1")],
    [as("1", "A-1", "T99999"), as("2", "A-1", "T81001")],
    entry("2", "u"),
  ],
  [
    "two systems of its own",
    [at("u", "A-1")],
    [as("1", "A-1", "T81001"), as("2", "A-1", "T81001")],
    ambiguous,
  ],
];

it.each(cases)("the join of directory records: %s", (_name, endpoints, systems, expected) => {
  expect(joinRecords(query, { endpoints, systems })).toMatchObject(expected);
});

it("the join ignores addresses of another party key for a national service", () => {
  const endpoints = [at("u", "A-1")];
  expect(joinRecords(national, { endpoints, systems: [as("1", "A-1")] })).toEqual(none);
});

it("the configured ASID chooses among several systems, and never replaces a single one", () => {
  const endpoints = [at("u", "YES-0000806")];
  const preferring = { ...national, preferredAsid: "2" };
  const two = [as("1", "YES-0000806", "T81001"), as("2", "YES-0000806")];
  expect(joinRecords(preferring, { endpoints, systems: two })).toMatchObject({ entry: { asid: "2" } });
  expect(joinRecords(preferring, { endpoints, systems: two.slice(0, 1) })).toMatchObject({
    entry: { asid: "1" },
  });
});

it("the join logs a warning when it chose one of two suppliers' addresses", () => {
  const lines: string[] = [];
  const log = createLog("warn", (line) => lines.push(line));
  const endpoints = [at("u", "A-1"), at("v", "B-2")];
  joinRecords(query, { endpoints, systems: [as("2", "B-2")] }, log);
  joinRecords(query, { endpoints: endpoints.slice(0, 1), systems: [as("1", "A-1")] }, log);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ odsCode: "T81001" });
});
