import { testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import {
  idToken,
  NHS_NUMBER,
  productPipeline,
  signedIn,
  startTokenService,
  type TokenService,
  tokenAnswer,
} from "./token-service.js";

const MINUTE_MS = 60_000;

let service: TokenService;
beforeEach(async () => {
  service = await startTokenService();
});
afterEach(() => service.close());

describe("the access token in application mode", () => {
  it("is fetched once for a hundred simultaneous queries", async () => {
    const client = service.clientFor("application");
    const contexts = Array.from({ length: 100 }, (_, index) => signedIn(`user-${index}`));
    await Promise.all(contexts.map((context) => client.readPatient(NHS_NUMBER, context)));
    expect(service.tokenRequests).toHaveLength(1);
    expect(service.pdsRequests).toHaveLength(100);
    expect(new Set(service.shown())).toEqual(new Set(["Bearer token-1"]));
    const tokenCalls = contexts
      .flatMap(({ calls }) => calls.calls)
      .filter((call) => call.service === "TOKEN");
    expect(tokenCalls).toHaveLength(1);
  });

  it("is not fetched before the first query", () => {
    service.clientFor("application");
    service.clientFor("user");
    expect(service.tokenRequests).toEqual([]);
  });

  it("is fetched even when the caller that started the call disconnects", async () => {
    const client = service.clientFor("application");
    const gone = new AbortController();
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      service.answerTokens((_request, response) => {
        release = () => sendJson(response, 200, tokenAnswer("late"));
        resolve();
      });
    });
    const first = client.readPatient(NHS_NUMBER, testContext({ signal: gone.signal }));
    const second = client.readPatient(NHS_NUMBER, testContext());
    await arrived;
    gone.abort();
    await expect(first).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", service: "PDS" });
    release();
    await expect(second).resolves.toMatchObject({ kind: "found" });
    expect(service.tokenRequests).toHaveLength(1);
  });
});

describe("access tokens in user mode", () => {
  it("are never used for another person, role or sign-in", async () => {
    const client = service.clientFor("user");
    const anna = signedIn("anna");
    const otherRole = { ...anna.caller.person, sdsRoleProfileId: "999" };
    const contexts = [
      anna,
      signedIn("bela"),
      { ...anna, caller: { ...anna.caller, person: otherRole } },
      { ...anna, idToken: idToken({ sub: "anna", nonce: "2" }) },
    ];
    for (const context of [...contexts, ...contexts]) await client.readPatient(NHS_NUMBER, context);
    expect(service.tokenRequests).toHaveLength(4);
    expect(service.shown()).toEqual([1, 2, 3, 4, 1, 2, 3, 4].map((n) => `Bearer token-${n}`));
  });

  it("are fetched once for simultaneous queries of one person", async () => {
    const client = service.clientFor("user");
    const ask = (sub: string) => client.readPatient(NHS_NUMBER, signedIn(sub));
    await Promise.all(Array.from({ length: 40 }, (_, index) => ask(index % 2 === 0 ? "anna" : "bela")));
    const subjects = service.forms().map(({ subject_token }) => subject_token);
    expect(subjects).toHaveLength(2);
    expect(new Set(subjects)).toEqual(
      new Set([idToken({ sub: "anna" }).reveal(), idToken({ sub: "bela" }).reveal()]),
    );
  });

  it("expire with the ID token they were exchanged for", async () => {
    const client = service.clientFor("user");
    const exp = service.clock.now() / 1000 + 120;
    const context = signedIn("anna", { idToken: idToken({ sub: "anna", exp }) });
    await client.readPatient(NHS_NUMBER, context);
    service.clock.advance(MINUTE_MS);
    await client.readPatient(NHS_NUMBER, context);
    expect(service.tokenRequests).toHaveLength(1);
    service.clock.advance(MINUTE_MS);
    await client.readPatient(NHS_NUMBER, context);
    expect(service.tokenRequests).toHaveLength(2);
  });
});

describe("the time to live of an access token", () => {
  const seconds = (from: number, offset: number) => String(from + offset * 1000);

  it.each([
    ["its texts are numbers of seconds", () => ({ expires_in: "599" }), 569],
    ["it comes as a number", () => ({ expires_in: 599 }), 569],
    ["it is short", () => ({ expires_in: "60" }), 54],
    ["it was issued a while ago", (now: number) => ({ issued_at: seconds(now, -300) }), 269],
    ["their clock is ahead", (now: number) => ({ issued_at: seconds(now, 3600) }), 569],
    ["their clock is far behind", (now: number) => ({ issued_at: seconds(now, -3600) }), 569],
  ])("ends 5 to 30 seconds early when %s", async (_case, answer, lastSecond) => {
    const body = { ...tokenAnswer("t"), ...answer(service.clock.now()) };
    service.answerTokens((_request, response) => sendJson(response, 200, body));
    const client = service.clientFor("application");
    await client.readPatient(NHS_NUMBER, testContext());
    service.clock.advance(lastSecond * 1000);
    await client.readPatient(NHS_NUMBER, testContext());
    expect(service.tokenRequests).toHaveLength(1);
    service.clock.advance(1000);
    await client.readPatient(NHS_NUMBER, testContext());
    expect(service.tokenRequests).toHaveLength(2);
  });

  it("is zero when the token expires sooner than the margin", async () => {
    service.answerTokens((_request, response) =>
      sendJson(response, 200, { ...tokenAnswer("t"), expires_in: "4" }),
    );
    const client = service.clientFor("application");
    for (const _time of [1, 2]) await client.readPatient(NHS_NUMBER, testContext());
    expect(service.tokenRequests).toHaveLength(2);
  });

  it("ends in one new call for all waiting queries", async () => {
    const client = service.clientFor("application");
    await client.readPatient(NHS_NUMBER, testContext());
    service.clock.advance(10 * MINUTE_MS);
    await Promise.all(
      Array.from({ length: 50 }, () =>
        client.readPatient(NHS_NUMBER, testContext({ resilience: productPipeline() })),
      ),
    );
    expect(service.tokenRequests).toHaveLength(2);
    expect(new Set(service.shown().slice(1))).toEqual(new Set(["Bearer token-2"]));
  });
});
