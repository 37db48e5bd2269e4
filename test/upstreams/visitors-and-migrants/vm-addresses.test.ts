import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { type CalledAddressRules, SPINE_HOSTS } from "../../../src/upstreams/directory-address.js";
import { createVisitorsAndMigrantsClient } from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";

const LIVE: CalledAddressRules = { hosts: SPINE_HOSTS, requiresTls: true };

/** Calls V&M at an address of the directory. The HTTP client records what would be sent, and where. */
async function fetchFrom(serviceRootUrl: string, addresses?: CalledAddressRules) {
  const sent: string[] = [];
  const http = {
    request: async ({ url }: { readonly url: string }) => {
      sent.push(url);
      return { status: 200, headers: {}, body: '{"resourceType":"Bundle","entry":[]}' };
    },
    close: async () => {},
  };
  const client = createVisitorsAndMigrantsClient({
    http: http as never,
    clock: new TestClock(),
    system: testConsumer,
    timeoutMs: 1_000,
    addresses,
  });
  const context = testContext();
  const entry = { odsCode: "YES" as OdsCode, asid: "928942012545", partyKey: "YES-0000806", serviceRootUrl };
  const outcome = await client
    .fetchChargeableStatus(entry, "9990000018" as NhsNumber, context)
    .catch((error: unknown) => error);
  return { sent, outcome, calls: context.calls.calls };
}

test.each([
  ["an unencrypted address", "http://msg.spineservices.nhs.uk/vm", "UNUSABLE_DIRECTORY_ADDRESS"],
  ["an unencrypted address of this machine", "http://127.0.0.1:8080/vm", "UNUSABLE_DIRECTORY_ADDRESS"],
  ["this machine", "https://127.0.0.1/vm", "DIRECTORY_HOST_NOT_ALLOWED"],
  ["this machine by another spelling", "https://0x7f.1/vm", "DIRECTORY_HOST_NOT_ALLOWED"],
  ["this machine by IPv6", "https://[::1]/vm", "DIRECTORY_HOST_NOT_ALLOWED"],
  ["a cloud's metadata service", "https://169.254.169.254/latest/meta-data", "DIRECTORY_HOST_NOT_ALLOWED"],
  ["another host", "https://attacker.example/vm", "DIRECTORY_HOST_NOT_ALLOWED"],
  [
    "a host that ends like one of Spine's",
    "https://evilspineservices.nhs.uk/vm",
    "DIRECTORY_HOST_NOT_ALLOWED",
  ],
  [
    "a host that begins like one of Spine's",
    "https://msg.spineservices.nhs.uk.attacker.example/vm",
    "DIRECTORY_HOST_NOT_ALLOWED",
  ],
  ["the bare suffix", "https://spineservices.nhs.uk/vm", "DIRECTORY_HOST_NOT_ALLOWED"],
  ["an encoded dot", "https://msg.spineservices.nhs.uk%2eattacker.example/vm", "DIRECTORY_HOST_NOT_ALLOWED"],
  ["user info", "https://msg.spineservices.nhs.uk@attacker.example/vm", "UNUSABLE_DIRECTORY_ADDRESS"],
  ["a trailing dot", "https://msg.spineservices.nhs.uk./vm", "UNUSABLE_DIRECTORY_ADDRESS"],
  ["a query", "https://msg.spineservices.nhs.uk/vm?x=", "UNUSABLE_DIRECTORY_ADDRESS"],
  ["a backslash", "https://attacker.example\\.spineservices.nhs.uk/vm", "UNUSABLE_DIRECTORY_ADDRESS"],
])("in live mode no NHS number is sent to %s that the directory names", async (_what, address, reason) => {
  const { sent, outcome, calls } = await fetchFrom(address, LIVE);

  expect(sent).toEqual([]);
  expect(calls).toEqual([]);
  expect(outcome).toMatchObject({ code: "UPSTREAM_BAD_RESPONSE", service: "SDS", reason, retryable: false });
  expect(String(outcome)).not.toContain("example");
});

test.each([
  ["https://demographics.spineservices.nhs.uk/vm", LIVE],
  ["https://MSG.int.spine2.NCRS.nhs.uk:443/vm/", LIVE],
  ["https://vm.example:8443", { hosts: ["vm.example"], requiresTls: true }],
  ["http://127.0.0.1:8080/vm", { requiresTls: false }],
  ["http://127.0.0.1:8080/vm", undefined],
])("%s is called with the rules %j", async (address, rules) => {
  const { sent, outcome } = await fetchFrom(address, rules);

  expect(outcome).toEqual({ recorded: false });
  expect(sent).toEqual([expect.stringContaining(address)]);
});
