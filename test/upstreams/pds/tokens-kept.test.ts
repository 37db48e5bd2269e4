import { testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import {
  idToken,
  NHS_NUMBER,
  ruledTraffic,
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

describe("one token for all", () => {
  it("serves a hundred queries that come at once after one call", async () => {
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

  it("is not asked for before a patient is", () => {
    service.clientFor("application");
    service.clientFor("user");
    expect(service.tokenRequests).toEqual([]);
  });

  it("comes although the one who set the call off has gone away", async () => {
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

describe("tokens of users", () => {
  it("never serve another person, another role or another sign-in", async () => {
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

  it("are each asked for once, however many queries of that person come at once", async () => {
    const client = service.clientFor("user");
    const ask = (sub: string) => client.readPatient(NHS_NUMBER, signedIn(sub));
    await Promise.all(Array.from({ length: 40 }, (_, index) => ask(index % 2 === 0 ? "anna" : "bela")));
    expect(service.forms().map(({ subject_token }) => subject_token)).toEqual([
      idToken({ sub: "anna" }).reveal(),
      idToken({ sub: "bela" }).reveal(),
    ]);
  });

  it("do not outlast the sign-in that they came from", async () => {
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

describe("the life of a token", () => {
  /** How long after it was asked for a token is still used, in seconds; the clock of the endpoint may differ. */
  async function servesFor(answer: object): Promise<number> {
    service.answerTokens((_request, response) => sendJson(response, 200, { ...tokenAnswer("t"), ...answer }));
    const client = service.clientFor("application");
    await client.readPatient(NHS_NUMBER, testContext());
    for (let seconds = 0; seconds < 700; seconds++) {
      service.clock.advance(1000);
      await client.readPatient(NHS_NUMBER, testContext());
      if (service.tokenRequests.length > 1) return seconds;
    }
    throw new Error("never renewed");
  }

  const seconds = (from: number, offset: number) => String(from + offset * 1000);

  it.each([
    ["its texts are numbers of seconds", () => ({ expires_in: "599" }), 569],
    ["it comes as a number", () => ({ expires_in: 599 }), 569],
    ["it is short", () => ({ expires_in: "60" }), 54],
    ["it was issued a while ago", (now: number) => ({ issued_at: seconds(now, -300) }), 269],
    ["their clock is ahead", (now: number) => ({ issued_at: seconds(now, 3600) }), 569],
    ["their clock is far behind", (now: number) => ({ issued_at: seconds(now, -3600) }), 569],
    ["it is over at once", () => ({ expires_in: "4" }), 0],
  ])("ends 5 to 30 seconds early when %s", async (_case, answer, expected) => {
    expect(await servesFor(answer(service.clock.now()))).toBe(expected);
  });

  it("is one call again for all who find it over", async () => {
    const client = service.clientFor("application");
    await client.readPatient(NHS_NUMBER, testContext());
    service.clock.advance(10 * MINUTE_MS);
    await Promise.all(
      Array.from({ length: 50 }, () =>
        client.readPatient(NHS_NUMBER, testContext({ traffic: ruledTraffic() })),
      ),
    );
    expect(service.tokenRequests).toHaveLength(2);
    expect(new Set(service.shown().slice(1))).toEqual(new Set(["Bearer token-2"]));
  });
});
