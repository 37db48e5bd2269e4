import { request } from "undici";
import { TWO_ORGANISATIONS, writeTestFile } from "../server/support/consumers.js";
import { ALL_SCOPES, MAJA, startIssuer, type TestIssuer } from "../server/support/issuer.js";
import { type LocalServer, type ReceivedRequest, startLocalServer } from "../support/local-server.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

const ADA = {
  scope: ALL_SCOPES,
  sub: "auth0|ada",
  family_name: "Okafor",
  given_name: "Ada",
  ods_code: "T82001",
};
const ACCREDITED = "200000000115";
const CARD = `query { patient(nhsNumber: "9000000009") { practice {
  capabilities { canBookAppointments } freeSlots(first: 1) { start }
} } }`;
const BOOK = `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename } }`;

const file = writeTestFile("consumers.json", TWO_ORGANISATIONS);
let issuer: TestIssuer;
let proxy: LocalServer;
let graph: RunningGraph;

beforeAll(async () => {
  issuer = await startIssuer();
  // Stands before the simulated proxy, which accredits one consumer only, and lets both through.
  proxy = await startLocalServer(async (received, response) => {
    const { host: _host, "content-length": _length, connection: _connection, ...rest } = received.headers;
    // The body is passed on as text, so it must not be compressed.
    const { "accept-encoding": _encoding, ...headers } = rest;
    const answer = await request(`${graph.sandbox.sspUrl}${received.path}`, {
      method: received.method as "GET",
      headers: { ...headers, "ssp-from": ACCREDITED },
      ...(received.body && { body: received.body }),
    });
    const { "content-type": type = "text/plain" } = answer.headers;
    response.writeHead(answer.statusCode, { "content-type": type });
    response.end(await answer.body.text());
  });
  graph = await startGraph({
    environment: { ...issuer.environment, CONSUMERS_FILE: file.path, SSP_URL: proxy.url },
  });
});

afterAll(async () => {
  await graph.close();
  await proxy.close();
  await issuer.close();
  file.remove();
});

beforeEach(() => {
  proxy.requests.length = 0;
  graph.auditLines.length = 0;
});

const authorization = async (claims: object) => ({
  authorization: `Bearer ${await issuer.sign({ ...claims })}`,
});

/** Who a practice is told that it is asked by. */
function askerIn(received: ReceivedRequest) {
  const [, payload = ""] = (received.headers.authorization ?? "").replace("Bearer ", "").split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const { requesting_practitioner: practitioner, requesting_organization: organisation } = claims;
  return {
    from: received.headers["ssp-from"],
    sub: claims.sub,
    id: practitioner.id,
    identifiers: practitioner.identifier.map(({ value }: { value: string }) => value),
    name: practitioner.name,
    organisation: [organisation.identifier[0].value, organisation.name],
  };
}

const AS_MAJA = {
  from: "200000000115",
  sub: "user-7f3a",
  id: "user-7f3a",
  identifiers: ["111222333444", "444555666777", "user-7f3a"],
  name: [{ family: "Lindqvist", given: ["Maja", "Karin"], prefix: ["Dr"] }],
  organisation: ["T82000", "Riverside Booking Hub"],
};
const adaId = expect.stringMatching(/^[0-9a-f]{64}$/);
const AS_ADA = {
  from: "200000000116",
  sub: adaId,
  id: adaId,
  identifiers: ["UNK", "UNK", adaId],
  name: [{ family: "Okafor", given: ["Ada"] }],
  organisation: ["T82001", "Hillside Urgent Care"],
};

// Proves GPC-SPN-TST-10, GPC-SPN-TST-11, HAZ-WRONG-ACTOR.
test("requests to practices name their own caller when two callers are active", async () => {
  const [maja, ada] = await Promise.all([authorization(MAJA), authorization(ADA)]);
  const turns = Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? maja : ada));
  const answers = await Promise.all(turns.map((headers) => graph.query(CARD, {}, headers)));
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);

  const askers = proxy.requests.map(askerIn);
  const byMaja = askers.filter(({ from }) => from === AS_MAJA.from);
  const byAda = askers.filter(({ from }) => from === AS_ADA.from);
  for (const asker of byMaja) expect(asker).toEqual(AS_MAJA);
  for (const asker of byAda) expect(asker).toEqual(AS_ADA);
  // Slots are each request's own; capabilities may be shared by all.
  expect(byMaja.length).toBeGreaterThanOrEqual(3);
  expect(byAda.length).toBeGreaterThanOrEqual(3);
  expect(byMaja.length + byAda.length).toBe(askers.length);
});

// Proves HAZ-WRONG-ACTOR.
test("requests to PDS name the caller's organisation", async () => {
  const before = graph.sandbox.requests.length;
  for (const claims of [MAJA, ADA]) {
    await graph.query(`{ patient(nhsNumber: "9000000009") { nhsNumber } }`, {}, await authorization(claims));
  }
  const told = graph.sandbox.requests
    .slice(before)
    .map(({ headers }) => headers["nhsd-end-user-organisation-ods"]);
  expect(told).toEqual(["T82000", "T82001"]);
});

test("the same session text of two callers makes two sessions", async () => {
  const session = { "spine-session": "the same text" };
  const [maja, ada] = await Promise.all([authorization(MAJA), authorization(ADA)]);
  const ask = async (headers: Record<string, string>) =>
    graph.calls(
      await graph.query(`{ patient(nhsNumber: "9000000009") { nhsNumber } }`, {}, { ...headers, ...session }),
    );
  expect(await ask(maja)).toEqual(["PDS Patient.read"]);
  expect(await ask(ada)).toEqual(["PDS Patient.read"]);
  expect(await ask(maja)).toEqual([]);
  expect(await ask(ada)).toEqual([]);
});

// Proves GPC-SPN-TST-08, GPC-SFS-1.4, GPC-AMUS-MPA-6, GPC-IG10, HAZ-WRONG-ACTOR, GPC-AMUS-BPA-1-4.
test("a booking names the caller's organisation, and the audit names the caller", async () => {
  const headers = await authorization(ADA);
  const { data } = await graph.query<{ patient: { practice: { freeSlots: { id: string }[] } } }>(
    `{ patient(nhsNumber: "9000000009") { practice { freeSlots(first: 1) { id } } } }`,
    {},
    headers,
  );
  const slotIds = data.patient.practice.freeSlots.map(({ id }) => id);
  const input = { nhsNumber: "9000000009", slotIds, description: "Review" };
  expect(await graph.query(BOOK, { input }, headers)).toMatchObject({
    data: { bookAppointment: { __typename: "AppointmentBooked" } },
  });
  const [create] = proxy.requests.filter(({ method }) => method === "POST");
  if (create === undefined) throw new Error("no appointment was created");
  expect(askerIn(create)).toEqual(AS_ADA);
  const booked = JSON.stringify(JSON.parse(create.body));
  expect(booked).toContain("Hillside Urgent Care");
  expect(booked).toContain("0300 000 0001");
  expect(booked).toContain("urgent-care");
  expect(booked).not.toContain("Riverside");

  const audited = graph.auditLines.map((line) => JSON.parse(line));
  for (const { user, organisation } of audited) {
    expect(user).toMatchObject({ localId: adaId, subject: "auth0|ada", family: "Okafor" });
    expect(organisation).toEqual({ odsCode: "T82001", name: "Hillside Urgent Care" });
  }
  const ssp = audited.filter(({ operation }) => operation.startsWith("SSP"));
  expect(new Set(ssp.map(({ sspFrom }) => sspFrom))).toEqual(new Set(["200000000116"]));
});
