import { testContext } from "../../support/call-context.js";
import { fixture, type PdsService, startPdsService } from "./pds-service.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let pds: PdsService;
beforeEach(async () => {
  pds = await startPdsService();
});
afterEach(() => pds.close());

describe("a PDS retrieve request", () => {
  it.each(["", "/"])("reads one patient by NHS number (base URL ending in %p)", async (slash) => {
    await pds.read("9990000018", testContext(), { url: `${pds.url}/personal/FHIR/R4${slash}` });
    const [request] = pds.requests;
    expect(pds.requests).toHaveLength(1);
    expect(request?.method).toBe("GET");
    expect(request?.path).toBe("/personal/FHIR/R4/Patient/9990000018");
    expect(request?.headers).toEqual({
      host: expect.any(String),
      connection: "keep-alive",
      accept: "application/fhir+json",
      "accept-encoding": "gzip",
      "x-request-id": expect.stringMatching(UUID),
      "x-correlation-id": "5a4b8f6e-1f7f-4e43-9f37-0d7c1b1d9a01",
      "nhsd-end-user-organisation-ods": "T82000",
    });
  });

  it("carries the credentials created for the caller", async () => {
    const context = testContext();
    const headers = { Authorization: "Bearer opaque-token", "NHSD-Session-URID": "444555666777" };
    const credentials = jest.fn(async () => ({ headers, drop: () => {} }));
    await pds.read("9990000018", context, { access: { mode: "user", credentials } });
    expect(pds.requests[0]?.headers).toMatchObject({
      authorization: "Bearer opaque-token",
      "nhsd-session-urid": "444555666777",
    });
    expect(credentials).toHaveBeenCalledWith(context);
  });

  it("is not sent and not logged when no token is available", async () => {
    const context = testContext();
    const noToken = new Error("no token");
    const access = { mode: "application", credentials: () => Promise.reject(noToken) } as const;
    await expect(pds.read("9990000018", context, { access })).rejects.toBe(noToken);
    expect(pds.requests).toEqual([]);
    expect(context.calls.calls).toEqual([]);
  });

  it("has a new X-Request-ID each time", async () => {
    await pds.read("9990000018");
    await pds.read("9990000018");
    const ids = pds.requests.map(({ headers }) => headers["x-request-id"]);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("call log and audit of a PDS retrieve", () => {
  it("record a found patient once, with outcome OK", async () => {
    const context = testContext();
    await pds.read("9990000018", context);
    const call = { service: "PDS", interaction: "Patient.read", target: null };
    expect(context.calls.calls).toEqual([{ ...call, startedMs: 0, durationMs: 0, outcome: "OK" }]);
    expect(context.events).toEqual([
      { operation: "PDS Patient.read", nhsNumber: "9990000018", outcome: "SUCCEEDED", httpStatus: 200 },
    ]);
  });

  it("record a missing patient as NOT_FOUND, not as a failure", async () => {
    pds.answerWith(404, fixture("error-not-found"));
    const context = testContext();
    await pds.read("9990000018", context);
    expect(context.calls.calls).toMatchObject([{ outcome: "NOT_FOUND" }]);
    expect(context.events).toMatchObject([{ outcome: "SUCCEEDED", reason: "NOT_FOUND", httpStatus: 404 }]);
  });
});
