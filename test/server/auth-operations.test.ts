import { request } from "undici";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { TWO_ORGANISATIONS, writeTestFile } from "./support/consumers.js";
import { MAJA, startIssuer, type TestIssuer, unsignedToken } from "./support/issuer.js";

const PATIENT = "9000000009";
const CARD = `query { patient(nhsNumber: "${PATIENT}") { name { display } practice { odsCode } } }`;

const file = writeTestFile("consumers.json", TWO_ORGANISATIONS);
let issuer: TestIssuer;
let graph: RunningGraph;

beforeAll(async () => {
  issuer = await startIssuer();
  graph = await startGraph({ environment: { ...issuer.environment, CONSUMERS_FILE: file.path } });
});

afterAll(async () => {
  await graph.close();
  await issuer.close();
  file.remove();
});

beforeEach(() => {
  graph.auditLines.length = 0;
  issuer.answer = undefined;
});

async function send(body: object, authorization?: string, accept = "application/graphql-response+json") {
  const answer = await request(`${graph.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept, ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  });
  const json = (await answer.body.json()) as {
    data?: unknown;
    errors?: { message: string; extensions: Record<string, unknown> }[];
  };
  return { status: answer.statusCode, headers: answer.headers, ...json };
}

const bearer = async (claims: object, options = {}) =>
  `Bearer ${await issuer.sign({ ...MAJA, ...claims }, options)}`;

const audited = () => graph.auditLines.map((line) => JSON.parse(line));

describe("a request without a valid token", () => {
  // Proves GPC-STR-TST-GEN-05, GPC-IG10.
  test.each<[string, () => Promise<string | undefined> | string | undefined, string]>([
    ["no token", () => undefined, "TOKEN_REQUIRED"],
    ["another scheme", () => "Basic dXNlcjpwYXNz", "TOKEN_REQUIRED"],
    ["an empty token", () => "Bearer ", "TOKEN_REQUIRED"],
    ["two tokens", async () => `${await bearer({})}, ${await bearer({})}`, "TOKEN_REQUIRED"],
    ["an unsigned token", () => `Bearer ${unsignedToken(MAJA)}`, "TOKEN_INVALID"],
    ["an expired token", () => bearer({}, { expiresIn: -60 }), "TOKEN_EXPIRED"],
  ])(
    "with %s gets UNAUTHENTICATED, one audit record and no upstream call",
    async (_title, authorization, reason) => {
      const before = graph.sandbox.requests.length;
      const answer = await send({ query: CARD }, await authorization());
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
      expect(answer.data).toBeUndefined();
      expect(answer.errors).toEqual([
        {
          message: expect.any(String),
          extensions: { code: "UNAUTHENTICATED", reason, correlationId: answer.headers["x-correlation-id"] },
        },
      ]);
      expect(graph.sandbox.requests).toHaveLength(before);
      expect(audited()).toEqual([
        expect.objectContaining({
          operation: "query patient",
          outcome: "BLOCKED",
          gate: "G1",
          reason,
          nhsNumber: PATIENT,
          correlationId: answer.headers["x-correlation-id"],
        }),
      ]);
    },
  );

  test("is audited with the caller of an expired token, and without the caller of a forged one", async () => {
    await send({ query: CARD }, await bearer({}, { expiresIn: -60 }));
    await send({ query: CARD }, `Bearer ${unsignedToken(MAJA)}`);
    const [over, forged] = audited();
    expect(over).toMatchObject({ user: { localId: "user-7f3a" }, organisation: { odsCode: "T82000" } });
    expect(forged).toMatchObject({ user: { localId: "" }, organisation: { odsCode: "" } });
  });

  test.each(["application/json", "*/*", "", "application/json, application/graphql-response+json"])(
    "gets its errors with status 200 where the response is plain JSON (Accept: %s)",
    async (accept) => {
      const answer = await send({ query: CARD }, undefined, accept);
      expect(answer.status).toBe(200);
      expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
      expect(answer.data).toBeNull();
      expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
        {
          code: "UNAUTHENTICATED",
          reason: "TOKEN_REQUIRED",
          correlationId: answer.headers["x-correlation-id"],
        },
      ]);
    },
  );

  test("gets INTERNAL_SERVER_ERROR when the issuer's keys are not available", async () => {
    const lonely = await startIssuer();
    lonely.answer = { status: 500, body: {} };
    const other = await startGraph({ environment: lonely.environment });
    const answer = await other.query(CARD, {}, { authorization: `Bearer ${await lonely.sign(MAJA)}` });
    expect(answer.errors?.[0]?.extensions).toEqual({
      code: "INTERNAL_SERVER_ERROR",
      correlationId: expect.any(String),
    });
    expect(other.auditLines.map((line) => JSON.parse(line).reason)).toEqual(["KEYS_UNAVAILABLE"]);
    await other.close();
    await lonely.close();
  });
});

describe("a valid token that gate G1 refuses", () => {
  // Proves GPC-STR-TST-GEN-05, GPC-IG10.
  test.each<[string, object, string]>([
    ["no id", { sub: undefined }, "NO_NAMED_USER"],
    ["no family name", { family_name: "" }, "NO_NAMED_USER"],
    ["no given name", { given_name: undefined }, "NO_NAMED_USER"],
    ["a generic user", { family_name: "Desk", given_name: "Reception" }, "NO_NAMED_USER"],
    ["an organisation that we do not know", { ods_code: "T89999" }, "UNKNOWN_ORGANISATION"],
    ["no organisation", { nhsid_nrbac_roles: [], selected_roleid: undefined }, "UNKNOWN_ORGANISATION"],
  ])(
    "with %s gets FORBIDDEN, one audit record with the known claims and no upstream call",
    async (_title, claims, reason) => {
      const before = graph.sandbox.requests.length;
      const answer = await send({ query: CARD }, await bearer(claims));
      expect(answer.status).toBe(403);
      expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
        { code: "FORBIDDEN", reason, correlationId: answer.headers["x-correlation-id"] },
      ]);
      expect(graph.sandbox.requests).toHaveLength(before);
      expect(audited()).toEqual([
        expect.objectContaining({
          outcome: "BLOCKED",
          gate: "G1",
          reason,
          user: expect.objectContaining({ prefix: ["Dr"], sdsUserId: "111222333444" }),
        }),
      ]);
    },
  );
});

// Proves GPC-STR-TST-GEN-02.
describe("without a token, data is refused through", () => {
  test.each([
    ["an alias", `{ __schema: patient(nhsNumber: "${PATIENT}") { nhsNumber } }`],
    ["beside introspection", `{ __typename patient(nhsNumber: "${PATIENT}") { nhsNumber } }`],
    ["a fragment", `{ ...f } fragment f on Query { patient(nhsNumber: "${PATIENT}") { nhsNumber } }`],
    ["an inline fragment", `{ ... on Query { practice(odsCode: "T81001") { odsCode } } }`],
    [
      "entities",
      `{ _entities(representations: [{ __typename: "Practice", odsCode: "T81001" }]) { __typename } }`,
    ],
    ["a mutation", `mutation { __typename }`],
  ])("%s", async (_title, query) => {
    const before = graph.sandbox.requests.length;
    const answer = await send({ query });
    expect(answer.errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    expect(answer.data).toBeUndefined();
    expect(graph.sandbox.requests).toHaveLength(before);
  });

  test("a query in the URL", async () => {
    const answer = await graph.get(`/graphql?query=${encodeURIComponent(CARD)}`, {
      "apollo-require-preflight": "1",
      accept: "application/graphql-response+json",
    });
    expect(answer.statusCode).toBe(401);
    await answer.body.dump();
  });

  test("the second of two operations in a document", async () => {
    const query = `query a { __typename } query b { patient(nhsNumber: "${PATIENT}") { nhsNumber } }`;
    expect((await send({ query, operationName: "a" })).data).toEqual({ __typename: "Query" });
    expect((await send({ query, operationName: "b" })).status).toBe(401);
  });

  test("a variable, and the audit record names the patient", async () => {
    const query = `query ($n: ID!) { patient(nhsNumber: $n) { nhsNumber } }`;
    await send({ query, variables: { n: PATIENT } });
    expect(audited()[0]).toMatchObject({ nhsNumber: PATIENT });
  });
});

describe("without a token, the server allows", () => {
  test.each([
    ["introspection", '{ __schema { queryType { name } } __type(name: "Patient") { name } }'],
    ["a sign of life", "{ __typename }"],
    ["the document that gateways compose from", "{ _service { sdl } }"],
  ])("%s", async (_title, query) => {
    const answer = await send({ query });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.errors).toBeUndefined();
    expect(graph.auditLines).toEqual([]);
  });

  test.each(["/health/live", "/health/ready", "/metrics"])("%s", async (path) => {
    const answer = await graph.get(path);
    expect(answer.statusCode).toBe(200);
    await answer.body.dump();
  });
});

// Proves HAZ-WRONG-ACTOR.
test("a named person of a known organisation gets data, and the audit names both", async () => {
  const answer = await send({ query: CARD }, await bearer({}));
  expect(answer).toMatchObject({ status: 200, data: { patient: { practice: { odsCode: "T81001" } } } });
  expect(audited()[0]).toMatchObject({
    user: { family: "Lindqvist", role: { code: "S8000:G8000:R8000" } },
    organisation: { odsCode: "T82000", name: "Riverside Booking Hub" },
  });
});

test("no part of a token or a header is in a response, a log line or the audit", async () => {
  const good = await bearer({ canary: "canary-claim" });
  const bad = await bearer({ canary: "canary-claim" }, { audience: "another" });
  const headers = {
    "spine-id-token": "canary-id-token",
    "spine-session": "canary-session",
    cookie: "canary=cookie",
  };
  const answers = [];
  for (const authorization of [good, bad, "Bearer canary-bearer", "Basic canary-basic", undefined]) {
    answers.push(await graph.query(CARD, {}, { ...headers, ...(authorization && { authorization }) }));
  }
  const told = [...graph.logLines, ...graph.auditLines, JSON.stringify(answers)].join("\n");
  for (const secret of [...good.split(/[. ]/).slice(1), ...bad.split(/[. ]/).slice(1), "canary"]) {
    expect(told).not.toContain(secret);
  }
});

test("the sandbox without an issuer acts for its synthetic clinician, whatever token is sent", async () => {
  const open = await startGraph();
  const answer = await open.query(CARD, {}, { authorization: "Bearer anything" });
  expect(answer.errors).toBeUndefined();
  expect(JSON.parse(open.auditLines[0] ?? "").user).toMatchObject({ localId: "sandbox-clinician-1" });
  await open.close();
});
