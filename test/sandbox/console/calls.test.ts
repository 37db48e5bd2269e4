import { execFileSync } from "node:child_process";
import { readClaims } from "../../../src/sandbox-console/calls/bearer-token.js";
import { isListed, listRules, NO_FILTER } from "../../../src/sandbox-console/calls/call-filter.js";
import {
  londonTime,
  outcomeOf,
  reasonOf,
  statusText,
} from "../../../src/sandbox-console/calls/call-words.js";
import { toCurlCommand } from "../../../src/sandbox-console/calls/curl.js";
import { findRelatedCall } from "../../../src/sandbox-console/calls/related-call.js";
import { token } from "../support/wire.js";
import { entryOf, pendingEntry, withoutStatus } from "./entries.js";

const URLS = {
  gateway: "http://127.0.0.1:8400",
  pds: "http://127.0.0.1:8401/personal-demographics/FHIR/R4",
  pdsToken: "http://127.0.0.1:8401/oauth2/token",
  ldap: "ldap://127.0.0.1:8406",
  sds: "http://127.0.0.1:8402/spine-directory/FHIR/R4",
  ssp: "http://127.0.0.1:8403",
  practices: "http://127.0.0.1:8404",
  vm: "http://127.0.0.1:8405/vm/fhir",
};
const REFUSAL = { code: "INVALID_PARAMETER", diagnostics: "The range is longer than two weeks" };
const viaProxy = { headers: { "ssp-traceid": "one" }, status: 422, odsCode: "T81001" };
const proxied = entryOf(2, { ...viaProxy, service: "SSP" });
const atPractice = entryOf(3, { ...viaProxy, service: "PRACTICE", refusal: REFUSAL, body: "{}" });

describe("the outcome of a call in the console", () => {
  it.each([
    ["accepted", "200", entryOf(1)],
    ["refused", "422", atPractice],
    ["pending", "waiting", pendingEntry(1)],
    ["none", "no response", withoutStatus(1)],
    ["refused", "200", entryOf(1, { refusal: REFUSAL })],
  ] as const)("is %s: %s", (outcome, text, entry) => {
    expect([outcomeOf(entry), statusText(entry)]).toEqual([outcome, text]);
  });

  it("has the reason of the service, of the practice behind the proxy, or of the fault", () => {
    expect(reasonOf(atPractice, null)).toBe("The range is longer than two weeks");
    expect(reasonOf(proxied, atPractice)).toBe("Refused by the practice: The range is longer than two weeks");
    expect(reasonOf(proxied, { ...atPractice, status: 500 })).toBe("Refused without a reason");
    expect(reasonOf(entryOf(1, { status: 503, fault: { status: 503 } }), null)).toBe("Fault: status 503");
    expect(reasonOf(entryOf(1), null)).toBeUndefined();
  });

  it("has its time in London, in summer too", () => {
    expect(londonTime("2026-01-14T09:41:00.000Z")).toBe("09:41:00");
    expect(londonTime("2026-07-14T09:41:00.000Z")).toBe("10:41:00");
  });
});

describe("the filter of the calls", () => {
  it.each([
    [{ service: "PRACTICE" }, [3]],
    [{ outcome: "refused" }, [2, 3]],
    [{ outcome: "none" }, [4]],
    [{ rule: "INVALID_PARAMETER" }, [3]],
    [{ text: " t81001 " }, [2, 3]],
    [{ text: "two WEEKS" }, [3]],
    [{ text: "9000000009", service: "PDS" }, [1, 4]],
    [{ text: "nothing" }, []],
  ] as const)("%j lists %j", (filter, ids) => {
    const journal = [entryOf(1), proxied, atPractice, withoutStatus(4)];
    const listed = journal.filter((entry) => isListed(entry, { ...NO_FILTER, ...filter }));
    expect(listed.map(({ id }) => id)).toEqual(ids);
  });

  it("finds the calls that broke a rule, by its id", () => {
    const rule = { id: "P-S2", sentence: "A range is at most 14 days.", source: "specification" };
    const entry = { ...atPractice, rules: { passed: ["P-J4"], broken: [rule] } };
    expect(listRules([entry])).toEqual(["INVALID_PARAMETER", "P-S2"]);
    expect(isListed(entry, { ...NO_FILTER, rule: "P-S2" })).toBe(true);
    expect(isListed(entry, { ...NO_FILTER, rule: "P-J4" })).toBe(false);
  });

  it("offers each rule that was broken once, in order", () => {
    const other = entryOf(9, { status: 404, refusal: { code: "A" } });
    expect(listRules([atPractice, other, atPractice])).toEqual(["A", "INVALID_PARAMETER"]);
  });
});

describe("the two halves of a call through the proxy", () => {
  it("are found by the trace id, in both directions", () => {
    const journal = [entryOf(1), proxied, atPractice];
    expect(findRelatedCall(proxied, journal)).toBe(atPractice);
    expect(findRelatedCall(atPractice, journal)).toBe(proxied);
  });

  it("stay apart when a consumer uses one trace id for two calls", () => {
    const again = [
      { ...proxied, id: 4 },
      { ...atPractice, id: 5 },
    ] as const;
    const journal = [proxied, atPractice, ...again];
    expect(findRelatedCall(again[0], journal)?.id).toBe(5);
    expect(findRelatedCall(again[1], journal)?.id).toBe(4);
    expect(findRelatedCall(proxied, journal)?.id).toBe(3);
  });

  it("are absent where the call never came to the practice, or had no trace id", () => {
    expect(findRelatedCall(proxied, [proxied, { ...atPractice, headers: {} }])).toBeNull();
    expect(findRelatedCall(entryOf(1), [entryOf(1)])).toBeNull();
  });
});

describe("a call as a curl command", () => {
  /** The arguments that a shell hands to curl. */
  const argumentsOf = (command: string) =>
    execFileSync("sh", ["-c", command.replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" })
      .trimEnd()
      .split("\n");

  it("goes to the address of the service, with the headers of the consumer alone", () => {
    const headers = { host: "x", connection: "close", "accept-encoding": "gzip", "x-request-id": "1" };
    expect(argumentsOf(toCurlCommand(entryOf(1, { headers }), null, URLS))).toEqual([
      "-s",
      "http://127.0.0.1:8401/personal-demographics/FHIR/R4/Patient/9000000009",
      "-H",
      "x-request-id: 1",
    ]);
  });

  it("goes to a practice through the proxy, without the secret by which practices know it", () => {
    const headers = { "x-sandbox-proxy": "secret", "ssp-to": "1" };
    const booking = { ...atPractice, method: "POST", path: "/T81001/fhir/Appointment", headers };
    expect(argumentsOf(toCurlCommand(booking, null, URLS))).toEqual([
      "-s",
      "-X",
      "POST",
      "http://127.0.0.1:8403/http://127.0.0.1:8404/T81001/fhir/Appointment",
      "-H",
      "ssp-to: 1",
      "--data-raw",
      "{}",
    ]);
  });

  it("repeats a search by LDAP by its URL alone", () => {
    const path = "ldap:///ou=services,o=nhs?uniqueIdentifier?sub?(&(nhsIDCode=T81001)(a=b c))";
    const search = entryOf(1, { service: "SDS", method: "SEARCH", path, headers: {} });
    expect(argumentsOf(toCurlCommand(search, null, URLS))).toEqual([
      "-s",
      "ldap://127.0.0.1:8406/ou=services,o=nhs?uniqueIdentifier?sub?(&(nhsIDCode=T81001)(a=b%20c))",
    ]);
  });

  it("has the body that the practice received, for the half at the proxy", () => {
    expect(toCurlCommand(proxied, atPractice, URLS)).toContain("--data-raw '{}'");
    expect(toCurlCommand(proxied, null, URLS)).not.toContain("--data-raw");
  });

  it("runs nothing that a caller has put into a path, a header or a body", () => {
    const evil = `'; echo hacked; $(echo hacked) \`echo hacked\` "\\`;
    const entry = entryOf(1, { path: `/a?${evil}`, headers: { "x-a": evil }, body: evil });
    expect(argumentsOf(toCurlCommand(entry, null, URLS))).toEqual([
      "-s",
      `http://127.0.0.1:8401/a?${evil}`,
      "-H",
      `x-a: ${evil}`,
      "--data-raw",
      evil,
    ]);
  });
});

describe("the claims of a token", () => {
  it("are read from the payload, with letters of any alphabet", () => {
    expect(JSON.parse(readClaims(`Bearer ${token({ sub: "Zoë", list: [1] })}`) ?? "")).toEqual({
      sub: "Zoë",
      list: [1],
    });
  });

  it.each([undefined, "", "Basic abc", "Bearer opaque", "Bearer a.!!.c", "Bearer a.bm90IGpzb24.c"])(
    "are absent in %j",
    (authorization) => {
      expect(readClaims(authorization)).toBeUndefined();
    },
  );
});
