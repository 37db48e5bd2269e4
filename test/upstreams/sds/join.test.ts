import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createLog } from "../../../src/platform/telemetry/log.js";
import { GP_CONNECT_DIRECTORY_INTERACTION } from "../../../src/upstreams/sds/index.js";
import { type EndpointRecord, joinRecords, type SystemRecord } from "../../../src/upstreams/sds/join.js";

const query = { odsCode: "T81001" as OdsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
const national = { ...query, partyKey: "YES-0000806" };

/** A short name stands for an address. */
const root = (name: string) => `https://gp.example/${name}`;
const at = (name: string, partyKey?: string, odsCode?: string): EndpointRecord => ({
  address: root(name),
  partyKey,
  odsCode,
});
const as = (asid: string, partyKey?: string, ownerOdsCode?: string): SystemRecord => ({
  asid,
  partyKey,
  ownerOdsCode,
});

const none = { kind: "none" };
const entry = (asid: string, name: string, partyKey = "A-1") => ({
  kind: "entry",
  entry: { odsCode: "T81001", asid, partyKey, serviceRootUrl: root(name) },
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

describe("a registered address", () => {
  const joinAddress = (address: string) =>
    joinRecords(query, { endpoints: [{ address, partyKey: "A-1" }], systems: [as("1", "A-1")] });

  it.each([
    ["https://gp.example/T81001/STU3/1/gpconnect/fhir/", "https://gp.example/T81001/STU3/1/gpconnect/fhir/"],
    ["http://127.0.0.1:19001/T81001", "http://127.0.0.1:19001/T81001"],
    ["https://gp.example", "https://gp.example"],
    [" https://gp.example/T81001\t\r\n", "https://gp.example/T81001"],
    ["\u00A0https://gp.example/T81001", "https://gp.example/T81001"],
  ])("%j is used as %j", (address, serviceRootUrl) => {
    expect(joinAddress(address)).toMatchObject({ kind: "entry", entry: { serviceRootUrl } });
  });

  it.each([
    ["no address", "gp.example/T81001"],
    ["another scheme", "ldap://gp.example/T81001"],
    ["a file", "file:///etc/passwd"],
    ["a script", "javascript:alert(1)"],
    ["no host", "https:///T81001"],
    ["user info", "https://user:secret@gp.example/T81001"],
    ["user info that looks like a host", "https://msg.spineservices.nhs.uk@attacker.example/"],
    ["a query", "https://gp.example/T81001?tenant=7"],
    ["an empty query", "https://gp.example/T81001?"],
    ["a fragment", "https://gp.example/T81001#fhir"],
    ["a trailing dot", "https://gp.example./T81001"],
    ["a backslash", "https://gp.example\\@attacker.example/T81001"],
    ["a space", "https://gp.example/T 81001"],
    ["a line break for a header", "https://gp.example/T81001\r\nSsp-From: 1"],
    ["a tab in the scheme", "ht\ttps://gp.example/T81001"],
    ["a NUL character", "https://gp.example/\u0000T81001"],
    ["a zero-width space", "https://gp.example/\u200BT81001"],
    ["a zero-width space at its end", "https://gp.example/T81001\u200B"],
    ["a line separator", "https://gp.example/\u2028T81001"],
    ["a letter that looks like another", "https://gp.ex\u0430mple/T81001"],
    ["a port out of range", "https://gp.example:99999/T81001"],
  ])("with %s is a directory fault, not retryable", (_what, address) => {
    expect(joinAddress(address)).toMatchObject({
      kind: "fault",
      error: {
        code: "UPSTREAM_BAD_RESPONSE",
        service: "SDS",
        reason: "UNUSABLE_DIRECTORY_ADDRESS",
        retryable: false,
      },
    });
  });

  it("that differs only in white space is the same address", () => {
    const endpoints = ["https://gp.example/T81001", "https://gp.example/T81001 "];
    const records = endpoints.map((address) => ({ address, partyKey: "A-1" }));
    expect(joinRecords(query, { endpoints: records, systems: [as("1", "A-1")] })).toMatchObject({
      kind: "entry",
    });
  });

  it("that is unusable does not matter when it has no system", () => {
    const endpoints = [{ address: "gp.example", partyKey: "B-2" }, at("u", "A-1")];
    expect(joinRecords(query, { endpoints, systems: [as("1", "A-1")] })).toMatchObject(entry("1", "u"));
  });
});
