import type { GpConnectClient, ReceivedAppointment } from "../../../src/upstreams/ssp/index.js";
import { testCaller, testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import * as wire from "./resources.js";
import { decodeToken, NHS_NUMBER, PRACTICE, startProxy, type TestProxy, urn } from "./support.js";

const context = testContext();
const ROOT = `/${PRACTICE.serviceRootUrl}`;
const ODS_FILTER = "searchFilter=https://fhir.nhs.uk/Id/ods-organization-code%7CT82000";
const INCLUDES =
  "_include=Slot:schedule&_include:recurse=Schedule:actor:Practitioner" +
  "&_include:recurse=Schedule:actor:Location&_include:recurse=Location:managingOrganization";

const received: ReceivedAppointment = {
  appointment: {
    id: "a-5",
    versionId: "3",
    status: "booked",
    start: "2026-11-24T09:00:00+00:00",
    end: "2026-11-24T09:20:00+00:00",
    slotIds: ["1", "2"],
    patientId: "pat-7",
  },
  resource: { text: JSON.stringify(wire.appointment()) },
};

interface RequestCase {
  readonly name: string;
  readonly call: (client: GpConnectClient) => Promise<unknown>;
  readonly method: string;
  readonly path: string;
  readonly interaction: string;
  readonly scope: string;
  readonly answer: wire.Resource;
  readonly status?: number;
  readonly aboutPatient?: true;
}

const window = { start: "2026-11-23T09:00:00+00:00", end: "2026-12-07T08:59:59+00:00" };
const about = { nhsNumber: NHS_NUMBER };
const cases: RequestCase[] = [
  {
    name: "capability statement",
    call: (client) => client.fetchCapabilities(PRACTICE, context),
    method: "GET",
    path: "/metadata",
    interaction: "rest:read:metadata-1",
    scope: "organization/*.read",
    answer: { resourceType: "CapabilityStatement" },
  },
  {
    name: "slot search",
    call: (client) => client.searchFreeSlots(PRACTICE, window, context),
    method: "GET",
    path:
      "/Slot?status=free&start=ge2026-11-23T09:00:00%2B00:00&end=le2026-12-07T08:59:59%2B00:00" +
      `&${INCLUDES}&searchFilter=https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1%7Cgp-practice&${ODS_FILTER}`,
    interaction: "rest:search:slot-1",
    scope: "organization/*.read",
    answer: wire.bundle(),
  },
  {
    name: "slot search in summer",
    call: (client) =>
      client.searchFreeSlots(
        PRACTICE,
        { start: "2026-07-01T09:00:00+01:00", end: "2026-07-02T09:00:00+01:00" },
        testContext({
          caller: { ...testCaller, organisation: { ...testCaller.organisation, type: undefined } },
        }),
      ),
    method: "GET",
    path:
      "/Slot?status=free&start=ge2026-07-01T09:00:00%2B01:00&end=le2026-07-02T09:00:00%2B01:00" +
      `&${INCLUDES}&${ODS_FILTER}`,
    interaction: "rest:search:slot-1",
    scope: "organization/*.read",
    answer: wire.bundle(),
  },
  {
    name: "find a patient",
    call: (client) => client.findPatient(PRACTICE, NHS_NUMBER, context),
    method: "GET",
    path: `/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C${NHS_NUMBER}`,
    interaction: "rest:search:patient-1",
    scope: "patient/*.read",
    answer: wire.bundle(),
    aboutPatient: true,
  },
  {
    name: "register a patient",
    call: (client) =>
      client.registerPatient(
        PRACTICE,
        {
          nhsNumber: NHS_NUMBER,
          name: { family: "Ashcombe", given: ["Rosalind"], prefix: [] },
          birthDate: "1984-02-29",
          addresses: [],
          telecoms: [],
        },
        context,
      ),
    method: "POST",
    path: "/Patient/$gpc.registerpatient",
    interaction: "operation:gpc.registerpatient-1",
    scope: "patient/*.write",
    answer: wire.bundle(wire.patient(NHS_NUMBER)),
    aboutPatient: true,
  },
  {
    name: "book",
    call: (client) =>
      client.createAppointment(
        PRACTICE,
        {
          patientId: "pat-7",
          nhsNumber: NHS_NUMBER,
          slots: [{ id: "1", start: "2026-11-24T09:00:00+00:00", end: "2026-11-24T09:10:00+00:00" }],
          locationId: "l1",
          description: "Ears",
        },
        context,
      ),
    method: "POST",
    path: "/Appointment",
    interaction: "rest:create:appointment-1",
    scope: "patient/*.write",
    answer: wire.appointment(),
    status: 201,
    aboutPatient: true,
  },
  {
    name: "a patient's appointments",
    call: (client) =>
      client.fetchAppointments(PRACTICE, "pat-7", { from: "2026-11-23", to: "2027-11-22" }, context, about),
    method: "GET",
    path: "/Patient/pat-7/Appointment?start=ge2026-11-23&start=le2027-11-22",
    interaction: "rest:search:patient_appointments-1",
    scope: "patient/*.read",
    answer: wire.bundle(),
    aboutPatient: true,
  },
  {
    name: "read an appointment",
    call: (client) => client.readAppointment(PRACTICE, "a-5", context, { ...about, patientId: "pat-7" }),
    method: "GET",
    path: "/Appointment/a-5",
    interaction: "rest:read:appointment-1",
    scope: "patient/*.read",
    answer: wire.appointment(),
    aboutPatient: true,
  },
  {
    name: "cancel",
    call: (client) => client.cancelAppointment(PRACTICE, received, "No longer needed", context, about),
    method: "PUT",
    path: "/Appointment/a-5",
    interaction: "rest:cancel:appointment-1",
    scope: "patient/*.write",
    answer: wire.appointment({ status: "cancelled" }),
    aboutPatient: true,
  },
  {
    name: "amend",
    call: (client) => client.amendAppointment(PRACTICE, received, { comment: "Bring both" }, context, about),
    method: "PUT",
    path: "/Appointment/a-5",
    interaction: "rest:update:appointment-1",
    scope: "patient/*.write",
    answer: wire.appointment(),
    aboutPatient: true,
  },
  {
    name: "read a location",
    call: (client) => client.readLocation(PRACTICE, "l1", context),
    method: "GET",
    path: "/Location/l1",
    interaction: "rest:read:location-1",
    scope: "organization/*.read",
    answer: wire.location,
  },
  {
    name: "read a practitioner",
    call: (client) => client.readPractitioner(PRACTICE, "p1", context),
    method: "GET",
    path: "/Practitioner/p1",
    interaction: "rest:read:practitioner-1",
    scope: "organization/*.read",
    answer: wire.practitioner,
  },
  {
    name: "find the organisation",
    call: (client) => client.findOrganisation(PRACTICE, context),
    method: "GET",
    path: "/Organization?identifier=https://fhir.nhs.uk/Id/ods-organization-code%7CT81001",
    interaction: "rest:search:organization-1",
    scope: "organization/*.read",
    answer: wire.bundle(wire.organisation),
  },
];

describe("the request of each GP Connect interaction", () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await startProxy();
  });
  afterAll(() => proxy.close());

  // Proves GPC-FOU-RPR-01/1, GPC-FOU-RLO-01/1, GPC-FOU-FOR-01/2, GPC-SPN-TST-05, GPC-SPN-TST-06,
  // GPC-SPN-TST-13, GPC-SFS-1.3, GPC-RPAS-1, GPC-APA-3, GPC-AMUS-BPA-1-2, GPC-AMUS-BPA-1-3, GPC-AMUS-BPA-1-4,
  // GPC-AMUS-BPA-1/1, GPC-AMUS-BPA-1/5, GPC-AMUS-BPA-1/6, CONS-AppointmentsAPITest1,
  // CONS-AppointmentsAPITest2, 1.9/1, US04, HAZ-16-18-33.
  it.each(cases)("$name", async ({ call, method, path, interaction, scope, answer, status }) => {
    proxy.answerWith((_request, response) => sendJson(response, status ?? 200, answer));
    const before = proxy.server.requests.length;
    await call(proxy.client);
    expect(proxy.server.requests).toHaveLength(before + 1);
    const request = proxy.server.requests.at(-1);

    expect(request?.method).toBe(method);
    expect(request?.path).toBe(`${ROOT}${path}`);
    const { claims } = decodeToken(request);
    expect(claims.requested_scope).toBe(scope);
    expect(claims.aud).toBe(PRACTICE.serviceRootUrl);
    const headers = request?.headers ?? {};
    expect(headers).toMatchObject({
      "ssp-from": testCaller.organisation.asid,
      "ssp-to": PRACTICE.asid,
      "ssp-interactionid": urn(interaction),
      "ssp-traceid": expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      accept: "application/fhir+json",
      "accept-encoding": "gzip",
    });
    expect(headers["content-type"]).toBe(
      method === "GET" ? undefined : "application/fhir+json;charset=utf-8",
    );
    expect(headers["if-match"]).toBe(method === "PUT" ? 'W/"3"' : undefined);
  });

  // Proves GPC-SPN-TST-08, GPC-STR-TST-GEN-05, GPC-IG10, GPC-CC-1.
  it.each(cases)("$name is recorded once in call log and audit", async (one) => {
    const events = context.events.length;
    const calls = context.calls.calls.length;
    proxy.answerWith((_request, response) => sendJson(response, one.status ?? 200, one.answer));
    await one.call(proxy.client);
    if (one.name === "slot search in summer") return; // has a context of its own
    expect(context.calls.calls.slice(calls)).toMatchObject([
      { service: "SSP", interaction: urn(one.interaction), target: "T81001", outcome: "OK" },
    ]);
    expect(context.events.slice(events)).toEqual([
      {
        operation: `SSP ${urn(one.interaction)}`,
        outcome: "SUCCEEDED",
        odsCode: "T81001",
        httpStatus: one.status ?? 200,
        reason: undefined,
        nhsNumber: one.aboutPatient ? NHS_NUMBER : undefined,
        sspTraceId: proxy.server.requests.at(-1)?.headers["ssp-traceid"],
        sspFrom: testCaller.organisation.asid,
        sspTo: PRACTICE.asid,
      },
    ]);
  });

  // Proves GPC-SPN-TST-13, HAZ-WRONG-ACTOR.
  it("has a new trace id and token each time", async () => {
    proxy.answerWith((_request, response) => sendJson(response, 200, wire.bundle()));
    await proxy.client.findPatient(PRACTICE, NHS_NUMBER, context);
    proxy.clock.advance(1_000);
    await proxy.client.findPatient(PRACTICE, NHS_NUMBER, context);
    const [first, second] = proxy.server.requests.slice(-2);
    expect(first?.headers["ssp-traceid"]).not.toBe(second?.headers["ssp-traceid"]);
    expect(first?.headers.authorization).not.toBe(second?.headers.authorization);
  });

  it("encodes special characters in an id", async () => {
    proxy.answerWith((_request, response) => sendJson(response, 200, { ...wire.location, id: "a/b?c" }));
    await proxy.client.readLocation(PRACTICE, "a/b?c", context);
    expect(proxy.server.requests.at(-1)?.path).toBe(`${ROOT}/Location/a%2Fb%3Fc`);
  });
});

describe("the URL of proxy and service root", () => {
  // Proves GPC-SPN-TST-02.
  it.each([
    ["", "https://gp.example/A1/STU3/1/gpconnect"],
    ["/", "https://gp.example/A1/STU3/1/gpconnect"],
    ["", "https://gp.example:8443/a1//Odd%20Case/v1/fhir"],
  ])("keeps the service root unaltered (proxy ends in %p)", async (end, serviceRootUrl) => {
    const proxy = await startProxy();
    const slashed = await startProxy({ url: `${proxy.server.url}${end}` });
    try {
      proxy.answerWith((_request, response) =>
        sendJson(response, 200, { resourceType: "CapabilityStatement" }),
      );
      await slashed.client.fetchCapabilities({ ...PRACTICE, serviceRootUrl }, context);
      expect(proxy.server.requests.at(-1)?.path).toBe(`/${serviceRootUrl}/metadata`);
      await slashed.client.fetchCapabilities({ ...PRACTICE, serviceRootUrl: `${serviceRootUrl}/` }, context);
      const request = proxy.server.requests.at(-1);
      expect(request?.path).toBe(`/${serviceRootUrl}/metadata`);
      expect(decodeToken(request).claims.aud).toBe(`${serviceRootUrl}/`);
    } finally {
      await slashed.close();
      await proxy.close();
    }
  });
});
