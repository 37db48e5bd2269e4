import { inspect } from "node:util";
import { UpstreamError } from "../../../src/platform/errors.js";
import { LdapFailure, type LdapFailureKind } from "../../../src/platform/ldap/ldap-client.js";
import { recordingTrail, testContext } from "../../support/call-context.js";
import { createHastyPipeline } from "../../support/pipelines.js";
import { as, codesIn, directoryOver, queries, whole } from "./ldap-fake.js";

describe("a failed LDAP search", () => {
  const failing = (failure: Error, when = (_filter: string) => true) =>
    directoryOver((filter) => {
      if (when(filter)) throw failure;
      return whole(filter);
    });

  it("is a fault of its own chunk only", async () => {
    const { directory } = failing(new LdapFailure("reset"), (filter) => filter.includes("P1060"));
    const answers = await directory.lookUp(queries(120), testContext());
    expect(answers.map(({ kind }) => kind)).toEqual([
      ...Array(50).fill("entry"),
      ...Array(50).fill("fault"),
      ...Array(20).fill("entry"),
    ]);
  });

  it("at the size limit is sent in halves, down to a single organisation", async () => {
    const { directory, searches } = failing(new LdapFailure("size-limit", { resultCode: 4 }), (filter) =>
      filter.includes("P1005"),
    );
    const answers = await directory.lookUp(queries(8), testContext());
    expect(answers.map(({ kind }) => kind)).toEqual([
      ...Array(5).fill("entry"),
      "fault",
      ...Array(2).fill("entry"),
    ]);
    expect(answers[5]).toMatchObject({
      error: { code: "UPSTREAM_BAD_RESPONSE", reason: "SIZE_LIMIT_EXCEEDED", retryable: false },
    });
    expect(searches.map(({ filter }) => codesIn(filter.toString()).length)).toEqual([8, 4, 4, 2, 2, 1, 1]);
  });

  const kinds: [LdapFailureKind, number | undefined, string, string | undefined, boolean][] = [
    ["timeout", undefined, "UPSTREAM_TIMEOUT", undefined, true],
    ["refused", undefined, "UPSTREAM_UNAVAILABLE", undefined, true],
    ["unresolved", undefined, "UPSTREAM_UNAVAILABLE", undefined, true],
    ["reset", undefined, "UPSTREAM_UNAVAILABLE", undefined, true],
    ["cancelled", undefined, "UPSTREAM_UNAVAILABLE", undefined, true],
    ["tls", undefined, "UPSTREAM_UNAVAILABLE", undefined, false],
    ["referral", undefined, "UPSTREAM_BAD_RESPONSE", "REFERRAL", false],
    ["malformed", undefined, "UPSTREAM_BAD_RESPONSE", "NOT_LDAP", false],
    ["size-limit", 11, "UPSTREAM_BAD_RESPONSE", "SIZE_LIMIT_EXCEEDED", false],
    ["result-code", 1, "UPSTREAM_REFUSED", "LDAP_RESULT_1", false],
    ["result-code", 3, "UPSTREAM_TIMEOUT", "TIME_LIMIT_EXCEEDED", true],
    ["result-code", 10, "UPSTREAM_BAD_RESPONSE", "REFERRAL", false],
    ["result-code", 32, "UPSTREAM_REFUSED", "NO_SUCH_OBJECT", false],
    ["result-code", 48, "UPSTREAM_REFUSED", "INAPPROPRIATE_AUTHENTICATION", false],
    ["result-code", 49, "UPSTREAM_REFUSED", "INVALID_CREDENTIALS", false],
    ["result-code", 50, "UPSTREAM_REFUSED", "INSUFFICIENT_ACCESS_RIGHTS", false],
    ["result-code", 51, "UPSTREAM_UNAVAILABLE", "BUSY", true],
    ["result-code", 52, "UPSTREAM_UNAVAILABLE", "UNAVAILABLE", true],
    ["result-code", 53, "UPSTREAM_REFUSED", "UNWILLING_TO_PERFORM", false],
    ["result-code", 80, "UPSTREAM_UNAVAILABLE", "OTHER", true],
  ];
  it.each(kinds)("%s %s is %s %s", async (kind, resultCode, code, reason, retryable) => {
    const { directory } = failing(new LdapFailure(kind, { resultCode }));
    const context = testContext();
    const [answer] = await directory.lookUp(queries(1), context);
    expect(answer).toMatchObject({ kind: "fault", error: { service: "SDS", code, retryable } });
    if (answer?.kind !== "fault") return;
    expect(answer.error).toBeInstanceOf(UpstreamError);
    expect(answer.error.reason).toBe(reason);
    expect(inspect(answer.error, { depth: 10 })).not.toMatch(/services|nhsIDCode|P1000/);
    expect(context.calls.calls).toMatchObject([{ target: "P1000", outcome: code }]);
  });

  it("that should decide among several systems makes that query a fault", async () => {
    const { directory } = directoryOver((filter) => {
      if (filter.includes("nhsAsSvcIA")) throw new LdapFailure("timeout");
      return [...whole(filter), as("P1000", { uniqueidentifier: ["other"] })];
    });
    const answers = await directory.lookUp(queries(2), testContext());
    expect(answers).toMatchObject([
      { kind: "fault", error: { code: "UPSTREAM_TIMEOUT" } },
      { kind: "entry" },
    ]);
  });
});

describe("the retry policy of LDAP searches", () => {
  it.each([
    ["a cut line", new LdapFailure("reset"), 2],
    ["a refused connection", new LdapFailure("refused"), 2],
    ["3 timeLimitExceeded", new LdapFailure("result-code", { resultCode: 3 }), 2],
    ["51 busy", new LdapFailure("result-code", { resultCode: 51 }), 2],
    ["52 unavailable", new LdapFailure("result-code", { resultCode: 52 }), 2],
    ["TLS", new LdapFailure("tls"), 1],
    ["32 noSuchObject", new LdapFailure("result-code", { resultCode: 32 }), 1],
    ["49 invalidCredentials", new LdapFailure("result-code", { resultCode: 49 }), 1],
    ["53 unwillingToPerform", new LdapFailure("result-code", { resultCode: 53 }), 1],
    ["the size limit", new LdapFailure("size-limit", { resultCode: 4 }), 1],
    ["a referral", new LdapFailure("referral"), 1],
  ])("after %s retries a search once or not at all", async (_what, failure, times) => {
    const { directory, searches } = directoryOver(() => {
      throw failure;
    });
    const context = testContext({ resilience: createHastyPipeline() });
    const [answer] = await directory.lookUp(queries(1), context);
    expect(answer?.kind).toBe("fault");
    expect(searches).toHaveLength(times);
    expect(context.calls.calls).toHaveLength(times);
  });
});

// Proves GPC-IG10.
it("an LDAP look-up fails when its audit record cannot be written", async () => {
  const { directory } = directoryOver(whole);
  const record = () => {
    throw new Error("disk full");
  };
  await expect(
    directory.lookUp(queries(1), testContext({ audit: { ...recordingTrail([]), record } })),
  ).rejects.toThrow("disk full");
});
