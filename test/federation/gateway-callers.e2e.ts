import { TWO_ORGANISATIONS, writeTestFile } from "../server/support/consumers.js";
import { MAJA, startIssuer, type TestIssuer } from "../server/support/issuer.js";
import { describeNeeding } from "../support/needs.js";
import { type Supergraph, startSupergraph } from "./support/supergraph.js";

// A gateway needs a few seconds to start, more on a busy machine.
jest.setTimeout(120_000);

const QUERY = '{ practice(odsCode: "T81001") { name endpoint { asid } } visits { id } }';

describeNeeding("gateways", "callers behind a gateway", () => {
  const file = writeTestFile("consumers.json", TWO_ORGANISATIONS);
  afterAll(() => file.remove());

  describe.each(["hive", "apollo"] as const)("of the kind %s", (kind) => {
    let issuer: TestIssuer;
    let supergraph: Supergraph;
    beforeAll(async () => {
      issuer = await startIssuer();
      supergraph = await startSupergraph(kind, {
        environment: { ...issuer.environment, CONSUMERS_FILE: file.path },
        scopes: kind === "hive",
      });
    });
    afterAll(async () => {
      await supergraph.close();
      await issuer.close();
    });
    beforeEach(() => {
      supergraph.recorder.requests.length = 0;
    });

    const withScopes = async (scope: string) => ({
      authorization: `Bearer ${await issuer.sign({ ...MAJA, scope })}`,
    });

    test("every scope gives every field", async () => {
      const answer = await supergraph.gateway.query(QUERY, {}, await withScopes("practice operator"));

      expect(answer.errors).toBeUndefined();
      expect(answer.data).toMatchObject({
        practice: { name: "Willow Lane Surgery", endpoint: { asid: expect.any(String) } },
      });
    });

    test("a missing scope costs only its field", async () => {
      const answer = await supergraph.gateway.query(QUERY, {}, await withScopes("practice"));

      expect(answer.data).toMatchObject({ practice: { name: "Willow Lane Surgery", endpoint: null } });
      expect(answer.errors?.map(({ path, extensions }) => ({ path, code: extensions?.code }))).toEqual([
        {
          path: ["practice", "endpoint"],
          code: kind === "hive" ? "UNAUTHORIZED_FIELD_OR_TYPE" : "FORBIDDEN",
        },
      ]);
      // Where the gateway enforces scopes, we are not requested for the field at all.
      expect(supergraph.recorder.requests[0]?.body.includes("endpoint")).toBe(kind !== "hive");
    });

    test("a reference from another subgraph gives no field without its scope", async () => {
      const answer = await supergraph.gateway.query(
        "{ visits { id patient { nhsNumber preferredLanguage gender } } }",
        {},
        await withScopes("practice"),
      );

      expect(answer.data).toMatchObject({
        visits: [
          { patient: { preferredLanguage: "language of 9000000009", gender: null } },
          { patient: { gender: null } },
        ],
      });
      expect(answer.errors?.length).toBeGreaterThan(0);
    });

    test("a scope that only the token's forger granted is refused by us", async () => {
      const [header, payload] = (await issuer.sign({ ...MAJA, scope: "practice" })).split(".");
      const forged = {
        ...JSON.parse(Buffer.from(payload ?? "", "base64url").toString()),
        scope: "practice operator",
      };
      const token = `${header}.${Buffer.from(JSON.stringify(forged)).toString("base64url")}.AAAA`;

      const answer = await supergraph.gateway.query(QUERY, {}, { authorization: `Bearer ${token}` });

      expect(answer.data).toMatchObject({ practice: null, visits: expect.any(Array) });
      expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
        expect.objectContaining({ code: "UNAUTHENTICATED", reason: "TOKEN_INVALID" }),
      ]);
    });

    test("without a token the code and the reason pass, and our address does not", async () => {
      const answer = await supergraph.gateway.query(
        '{ bookingOutcome(handle: "k") { __typename } visits { id } }',
      );

      expect(answer.data).toMatchObject({ bookingOutcome: null, visits: expect.any(Array) });
      const [error] = answer.errors ?? [];
      if (kind === "hive") expect(error?.extensions?.code).toBe("UNAUTHORIZED_FIELD_OR_TYPE");
      else expect(error?.extensions).toMatchObject({ code: "UNAUTHENTICATED", reason: "TOKEN_REQUIRED" });
      expect(JSON.stringify(answer)).not.toContain(supergraph.recorder.url);
    });
  });
});
