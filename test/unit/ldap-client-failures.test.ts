import { connectFailure } from "../../src/platform/ldap/ldap-failure.js";
import type { StubSearch } from "../support/ldap-stub.js";
import { failureOf, inTurn, useLdapClient } from "./ldap-client-set-up.js";

const start = useLdapClient();

describe("the next LDAP search uses a new connection", () => {
  it.each([
    ["cut off before the answer", (each: StubSearch) => void each.hangUp(), "reset"],
    ["cut off half way through it", (each: StubSearch) => void each.entry({ a: ["b"] }).hangUp(), "reset"],
    ["answered by no LDAP", (each: StubSearch) => each.garble(), "malformed"],
    ["answered 3 timeLimitExceeded", (each: StubSearch) => each.done(3), "result-code"],
    ["answered 51 busy", (each: StubSearch) => each.done(51), "result-code"],
    ["answered 52 unavailable", (each: StubSearch) => each.done(52), "result-code"],
  ])("after one was %s", async (_what, spoil, kind) => {
    const { stub, search } = await start(inTurn(spoil));
    expect((await failureOf(search())).kind).toBe(kind);
    expect(stub.searches).toHaveLength(1);
    expect(await search()).toEqual([]);
    expect(stub.searches.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it("after a cut that ended several searches", async () => {
    const { stub, search } = await start({
      answer(each) {
        if (each.connection > 1) each.done();
        else if (stub.searches.length === 20) void each.hangUp();
      },
    });
    const twenty = () => Promise.allSettled(Array.from({ length: 20 }, () => search()));
    expect(new Set((await twenty()).map(({ status }) => status))).toEqual(new Set(["rejected"]));
    expect(new Set((await twenty()).map(({ status }) => status))).toEqual(new Set(["fulfilled"]));
    expect(stub.connections).toBe(2);
  });

  it("after a search timed out; other searches on the old connection end there", async () => {
    const { stub, search } = await start();
    const patient = search();
    await stub.received(1);
    expect((await failureOf(search({ timeoutMs: 40 }))).kind).toBe("timeout");
    const next = search();
    await stub.received(3);
    for (const each of stub.searches) each.done();
    expect(await Promise.all([patient, next])).toEqual([[], []]);
    expect(stub.searches.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });
});

describe("an LDAP response without success keeps the connection", () => {
  it.each([
    [1, "result-code"],
    [4, "size-limit"],
    [10, "result-code"],
    [11, "size-limit"],
    [32, "result-code"],
    [49, "result-code"],
    [50, "result-code"],
    [53, "result-code"],
    [80, "result-code"],
  ])("result code %i", async (code, kind) => {
    const { stub, search } = await start({
      answer: (each) => each.entry({ a: ["b"] }).done(code, "canary of the server's words"),
    });
    const failure = await failureOf(search());
    expect(failure).toMatchObject({ kind, resultCode: code });
    expect(stub.searches).toHaveLength(1);
    // It was answered: nothing is wrong with the connection.
    await failureOf(search());
    expect(stub.connections).toBe(1);
  });

  it("a referral", async () => {
    const { stub, search } = await start({
      answer: (each) =>
        each
          .entry({ a: ["b"] })
          .reference("ldap://canary/o=nhs")
          .done(),
    });
    expect((await failureOf(search())).kind).toBe("referral");
    expect(stub.searches).toHaveLength(1);
  });
});

describe("without an LDAP connection", () => {
  it("a missing server is refused, for all waiting searches", async () => {
    const { stub, search } = await start();
    await stub.close();
    const kinds = (await Promise.all([failureOf(search()), failureOf(search())])).map(({ kind }) => kind);
    expect(kinds).toEqual(["refused", "refused"]);
  });

  it("a server that never responds to the bind is a time-out", async () => {
    const { search } = await start({ bind: "silent" }, { connectTimeoutMs: 40 });
    expect((await failureOf(search())).kind).toBe("timeout");
  });

  it("a server that refuses the bind is reported once", async () => {
    const { stub, search } = await start({ bind: 48 });
    expect(await failureOf(search())).toMatchObject({ kind: "result-code", resultCode: 48 });
    expect(stub.connections).toBe(1);
  });

  it.each([
    ["ENOTFOUND", "unresolved"],
    ["EAI_AGAIN", "unresolved"],
    ["ECONNREFUSED", "refused"],
    ["EHOSTUNREACH", "refused"],
    ["ETIMEDOUT", "timeout"],
    ["ECONNRESET", "reset"],
  ])("%s is %s", (code, kind) => {
    const error = Object.assign(new Error("canary"), { code });
    expect(connectFailure(error, false)).toMatchObject({ kind, systemCode: code });
    expect(connectFailure(new AggregateError([error]), false).kind).toBe(kind);
  });
});
