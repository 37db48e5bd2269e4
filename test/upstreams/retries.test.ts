import type { ServerResponse } from "node:http";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { UpstreamError } from "../../src/platform/errors.js";
import { HttpClient } from "../../src/platform/http/http-client.js";
import { CallLog } from "../../src/platform/telemetry/call-log.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import { createPdsClient } from "../../src/upstreams/pds/index.js";
import { createFhirDirectory, GP_CONNECT_DIRECTORY_INTERACTION } from "../../src/upstreams/sds/index.js";
import { createVisitorsAndMigrantsClient } from "../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, type TestContext, testConsumer, testContext } from "../support/call-context.js";
import { type LocalServer, sendJson, startLocalServer } from "../support/local-server.js";
import { createHastyPipeline } from "../support/pipelines.js";
import { fixture as pdsFixture } from "./pds/pds-service.js";
import { bundle, device, endpoint } from "./sds/directory-server.js";
import * as wire from "./ssp/resources.js";
import { decodeToken, NHS_NUMBER, PRACTICE, startProxy, type TestProxy } from "./ssp/support.js";
import { ASKED, fixture as vmFixture } from "./visitors-and-migrants/vm-service.js";

/** A context with the pipeline of the product, without delays between attempts. */
const context = (overrides: Partial<CallContext> = {}): TestContext =>
  testContext({
    resilience: createHastyPipeline(),
    ...overrides,
  });

type Reply = (response: ServerResponse) => void;

const status =
  (code: number): Reply =>
  (response) =>
    void response.writeHead(code).end();

/** Answers in turn, the last answer from then on. */
function inTurn(...answers: readonly Reply[]) {
  let given = 0;
  return (_request: unknown, response: ServerResponse) =>
    answers[Math.min(given++, answers.length - 1)]?.(response);
}

const outcomes = ({ calls }: TestContext) => calls.calls.map(({ outcome }) => outcome);
const distinct = (values: readonly unknown[]) => new Set(values).size;

describe("calls to a practice", () => {
  let proxy: TestProxy;
  beforeEach(async () => {
    proxy = await startProxy();
  });
  afterEach(() => proxy.close());

  const found = (response: ServerResponse) => sendJson(response, 200, wire.bundle(wire.patient(NHS_NUMBER)));
  const booking = {
    patientId: "pat-7",
    slots: [{ id: "1", start: "2026-11-24T09:00:00+00:00", end: "2026-11-24T09:10:00+00:00" }],
    locationId: "l1",
    description: "Ears",
  };

  // Proves GPC-SPN-TST-13, GPC-SPN-TST-09.
  it("are retried with another trace id and token, each attempt recorded", async () => {
    const asking = context();
    const answer = inTurn(status(503), found);
    proxy.answerWith((request, response) => {
      proxy.clock.advance(1_000);
      answer(request, response);
    });
    expect(await proxy.client.findPatient(PRACTICE, NHS_NUMBER, asking)).toHaveLength(1);
    const { requests } = proxy.server;
    const traceIds = requests.map(({ headers }) => headers["ssp-traceid"]);
    expect(distinct(traceIds)).toBe(2);
    expect(requests.map((each) => decodeToken(each).claims.iat)).toEqual([1795424398, 1795424399]);
    expect(outcomes(asking)).toEqual(["UPSTREAM_UNAVAILABLE", "OK"]);
    expect(asking.events.map(({ sspTraceId, outcome }) => [sspTraceId, outcome])).toEqual([
      [traceIds[0], "FAILED"],
      [traceIds[1], "SUCCEEDED"],
    ]);
  });

  it.each([502, 503, 504, 599, 429])("make at most four attempts (%d)", async (code) => {
    const asking = context();
    proxy.answerWith(inTurn(status(code)));
    await expect(proxy.client.fetchCapabilities(PRACTICE, asking)).rejects.toBeInstanceOf(UpstreamError);
    expect(proxy.server.requests).toHaveLength(4);
    expect(outcomes(asking)).toHaveLength(4);
  });

  // Proves HAZ-19-48.
  it.each([
    ["reset", (response: ServerResponse) => void response.socket?.destroy()],
    ["500", status(500)],
    ["502", status(502)],
    ["503", status(503)],
    ["504", status(504)],
    ["429", status(429)],
    ["401", status(401)],
    ["not JSON", status(200)],
  ])("send a create once, whatever happens (%s)", async (_name, answer) => {
    const asking = context();
    proxy.answerWith(inTurn(answer));
    await expect(proxy.client.createAppointment(PRACTICE, booking, asking)).rejects.toThrow();
    expect(proxy.server.requests.map(({ method }) => method)).toEqual(["POST"]);
    expect(outcomes(asking)).toHaveLength(1);
  });

  it("read back after the request has ended, when a write must be reconciled", async () => {
    const client = new AbortController();
    const asking = context({ signal: client.signal });
    proxy.answerWith((request, response) => {
      client.abort();
      if (request.method === "GET") return sendJson(response, 200, wire.appointment());
      return void response.writeHead(201, { location: "https://gp.example/Appointment/a-5" }).end();
    });
    const appointment = await proxy.client.createAppointment(PRACTICE, booking, asking);
    expect(appointment.id).toBe("a-5");
    expect(outcomes(asking)).toEqual(["OK", "OK"]);
  });

  it("send no create that waited until the deadline", async () => {
    const asking = context({ signal: AbortSignal.abort() });
    const end = proxy.client.createAppointment(PRACTICE, booking, asking);
    await expect(end).rejects.toMatchObject({ code: "UPSTREAM_TIMEOUT", outcomeUnknown: false });
    expect(proxy.server.requests).toEqual([]);
    expect(outcomes(asking)).toEqual([]);
    expect(asking.events).toEqual([]);
  });

  it("send nothing while the circuit breaker is open", async () => {
    const asking = context();
    proxy.answerWith(inTurn(status(502)));
    const ask = () => proxy.client.fetchCapabilities(PRACTICE, asking);
    for (let made = 0; made < 5; made++) await expect(ask()).rejects.toMatchObject({ httpStatus: 502 });
    const before = proxy.server.requests.length;
    await expect(ask()).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      service: "PROVIDER",
      retryable: true,
      reason: "CIRCUIT_OPEN",
    });
    expect(proxy.server.requests).toHaveLength(before);
    expect(outcomes(asking)).toHaveLength(before);
  });
});

describe("retries of the other services", () => {
  const http = new HttpClient();
  const servers: LocalServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  afterAll(() => http.close());

  async function serve(...answers: readonly Reply[]): Promise<LocalServer> {
    const server = await startLocalServer(inTurn(...answers));
    servers.push(server);
    return server;
  }
  const common = { http, clock: new TestClock(), timeoutMs: 5_000 };

  const readPds = (url: string, asking: CallContext, authorise?: () => string) => {
    const access = authorise && {
      mode: "application" as const,
      credentials: async () => ({ headers: { Authorization: authorise() }, drop: () => {} }),
    };
    return createPdsClient({ ...common, url, access }).readPatient("9990000018" as NhsNumber, asking);
  };

  it("PDS gets the same X-Request-ID in a retry, and each attempt has a current token", async () => {
    const { url, requests } = await serve(status(503), status(408), (response) =>
      sendJson(response, 200, pdsFixture("patient")),
    );
    const asking = context();
    let token = 0;
    expect(await readPds(url, asking, () => `Bearer ${++token}`)).toMatchObject({ kind: "found" });
    expect(distinct(requests.map(({ headers }) => headers["x-request-id"]))).toBe(1);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer 1",
      "Bearer 2",
      "Bearer 3",
    ]);
    expect(outcomes(asking)).toEqual(["UPSTREAM_UNAVAILABLE", "UPSTREAM_TIMEOUT", "OK"]);
    await readPds(url, asking);
    expect(distinct(requests.map(({ headers }) => headers["x-request-id"]))).toBe(2);
  });

  it("PDS gets one retry after a 401, with fresh credentials", async () => {
    const { url, requests } = await serve(status(401), (response) =>
      sendJson(response, 200, pdsFixture("patient")),
    );
    let token = 0;
    expect(await readPds(url, context(), () => `Bearer ${++token}`)).toMatchObject({ kind: "found" });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer 1", "Bearer 2"]);
  });

  it("SDS gets a retry of the failed request only", async () => {
    let failed = false;
    const server = await startLocalServer((request, response) => {
      if (request.path.startsWith("/Endpoint")) {
        return sendJson(response, 200, bundle(endpoint("https://gp.example/T81001")));
      }
      if (failed) return sendJson(response, 200, bundle(device("918000000001")));
      failed = true;
      return void response.writeHead(502).end();
    });
    servers.push(server);
    const query = { odsCode: "T81001" as OdsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
    const asking = context();
    const [answer] = await createFhirDirectory({ ...common, url: server.url }).lookUp([query], asking);
    expect(answer?.kind).toBe("entry");
    const asked = server.requests.map(({ path }) => /^\/(\w+)/.exec(path)?.[1]).sort();
    expect(asked).toEqual(["Device", "Device", "Endpoint"]);
  });

  it("V&M gets a retry with another trace id", async () => {
    const { url, requests } = await serve(status(503), (response) =>
      sendJson(response, 200, vmFixture("observation")),
    );
    const asking = context({ calls: new CallLog(new TestClock()) });
    const spine = { odsCode: "YES" as OdsCode, asid: "928942012545", partyKey: "YES-0000806" };
    const client = createVisitorsAndMigrantsClient({ ...common, system: testConsumer });
    const answer = await client.fetchChargeableStatus({ ...spine, serviceRootUrl: url }, ASKED, asking);
    expect(answer.recorded).toBe(true);
    expect(distinct(requests.map(({ headers }) => headers["ssp-traceid"]))).toBe(2);
    const written = asking.events.map(({ sspTraceId }) => sspTraceId);
    expect(written).toEqual(requests.map(({ headers }) => headers["ssp-traceid"]));
  });
});
