import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { testContext } from "../../support/call-context.js";
import { failureOf, PRACTICE, sendText, startProxy, type TestProxy } from "./support.js";

/** The published examples, defects and all. They lie beside the repository and are not part of it. */
const SAMPLES = path.resolve(__dirname, "../../../../shared/samples/gp-connect");
const maybe = existsSync(SAMPLES) ? describe : describe.skip;

maybe("the published samples of GP Connect", () => {
  const context = testContext();
  const jane = "9476719931" as NhsNumber;
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await startProxy();
    proxy.clock.moveTo("2016-08-01T09:00:00Z");
  });
  afterAll(() => proxy.close());

  function replay(file: string, status = 200): void {
    const body = readFileSync(path.join(SAMPLES, file), "utf8");
    proxy.answerWith((_request, response) => sendText(response, status, body, "application/fhir+json"));
  }

  const searchSlots = () => {
    const practice = { ...PRACTICE, odsCode: "A00001" as OdsCode };
    const window = { start: "2016-08-15T09:00:00+01:00", end: "2016-08-28T08:59:59+01:00" };
    return proxy.client.searchFreeSlots(practice, window, context);
  };

  it.each([
    "v1.2.7/search_for_free_slots_response.json",
    "v1.2.8/search-for-free-slots-response-payload-1.json",
    "v1.2.8/search-for-free-slots-response-payload-2.json",
  ])("%s has slots with a place and a practitioner", async (file) => {
    replay(file);
    const { slots, organisation } = await searchSlots();
    expect(slots.length).toBeGreaterThan(0);
    for (const slot of slots) {
      expect(slot).toMatchObject({
        deliveryChannel: expect.any(String),
        serviceType: expect.any(String),
        scheduleType: expect.any(String),
        practitioner: { name: { family: expect.any(String) } },
        practitionerRole: { code: "R0260" },
        location: { name: expect.any(String), phone: expect.any(String), postalCode: expect.any(String) },
      });
    }
    expect(organisation).toMatchObject({
      odsCode: "A00001",
      name: expect.any(String),
      phone: expect.any(String),
    });
  });

  it("services of 1.2.8: the name on each slot, the filtering status, the resource itself", async () => {
    replay("v1.2.8/search-for-free-slots-response-payload-1.json");
    for (const { service } of (await searchSlots()).slots) {
      expect(service).toEqual({ id: "3", name: expect.any(String) });
    }
    replay("v1.2.8/search-for-free-slots-response-payload-2.json");
    expect(await searchSlots()).toMatchObject({ serviceFiltering: "organization-disabled" });
    replay("v1.2.8/read-healthcareservice-response-payload-1.json");
    const service = await proxy.client.readHealthcareService(PRACTICE, "15", context);
    expect(service).toEqual({ id: "15", name: expect.any(String) });
    replay("v1.2.8/read-appt-response-payload-1.json");
    const { id, patientId } = readSample("v1.2.8/read-appt-response-payload-1.json");
    const read = await proxy.client.readAppointment(PRACTICE, id, context, { patientId });
    expect(read.appointment.service).toMatchObject({
      id: "15",
    });
  });

  it("slots without their locations are counted as unusable, an empty response is not", async () => {
    replay("v1.2.8/search-for-free-slots-response-payload-3.json");
    proxy.clock.moveTo("2016-08-01T09:00:00Z");
    expect(await searchSlots()).toMatchObject({ slots: [], unusableEntries: expect.any(Number) });
    replay("v1.2.8/search-for-free-slots-response-payload-4.json");
    const empty = await searchSlots();
    expect(empty.slots).toEqual([]);
    expect(empty.unusableEntries).toBeUndefined();
  });

  it.each(["v1.2.7/find_patient_response.json", "v1.2.8/find-patient-response-payload-1.json"])(
    "%s holds the patient",
    async (file) => {
      replay(file);
      expect(await proxy.client.findPatient(PRACTICE, jane, context)).toMatchObject([
        { id: "2", name: { family: "Jackson", given: ["Jane"] }, birthDate: "1952-05-31", gender: "female" },
      ]);
    },
  );

  it.each(["v1.2.7/register_patient_response.json", "v1.2.8/register-patient-response-payload-1.json"])(
    "%s is a temporary registration",
    async (file) => {
      replay(file);
      const registration = {
        nhsNumber: jane,
        name: { family: "Jackson", given: ["Jane"], prefix: ["Miss"] },
        birthDate: "1952-05-31",
        addresses: [],
        telecoms: [],
      };
      expect(await proxy.client.registerPatient(PRACTICE, registration, context)).toMatchObject({
        id: "2",
        registrationType: "T",
        registrationPeriod: { start: expect.any(String) },
      });
    },
  );

  it.each(["v1.2.7/read_appt_response.json", "v1.2.8/read-appt-response-payload-1.json"])(
    "%s is sent back unchanged except for the change",
    async (file) => {
      replay(file);
      const { id, patientId } = readSample(file);
      const received = await proxy.client.readAppointment(PRACTICE, id, context, { patientId });
      expect(received.appointment).toMatchObject({
        status: "booked",
        bookingOrganisation: { odsCode: expect.any(String) },
      });
      await proxy.client.amendAppointment(PRACTICE, received, { comment: "Other" }, context);
      expect(JSON.parse(proxy.server.requests.at(-1)?.body ?? "")).toEqual({
        ...JSON.parse((received.resource as { text: string }).text),
        comment: "Other",
      });
    },
  );

  it.each(["v1.2.7/book_appt_response.json", "v1.2.8/book-appt-response-payload-1.json"])(
    "%s is a booking",
    async (file) => {
      replay(file, 201);
      const booking = {
        patientId: "1",
        slots: [{ id: "1", start: "2017-05-30T10:00:00+01:00", end: "2017-05-30T10:25:00+01:00" }],
        locationId: "32",
        description: "x",
      };
      const appointment = await proxy.client.createAppointment(PRACTICE, booking, context);
      expect(appointment).toMatchObject({ status: "booked", versionId: expect.any(String), patientId: "1" });
    },
  );

  it("an empty list and a list with one contained id twice", async () => {
    const fetchThem = () =>
      proxy.client.fetchAppointments(PRACTICE, "2", { from: "2017-07-11", to: "2017-09-14" }, context);
    replay("v1.2.7/retrieve_patients_appts_response.json");
    expect(
      (await fetchThem()).appointments.map(({ bookingOrganisation }) => bookingOrganisation?.name),
    ).toEqual(["Test Organization Name", "Test Organization Name 2"]);
    replay("v1.2.8/retrieve-patient-appts-response-payload-1b.json");
    expect((await fetchThem()).appointments).toEqual([]);
  });

  it.each([
    ["v1.2.7/read_location_response.json", "17"],
    ["v1.2.8/read-location-response-payload-1.json", "17"],
    ["v1.2.9/unknown_visit_location.json", "19"],
  ])("%s is a location with an address", async (file, id) => {
    replay(file);
    const place = await proxy.client.readLocation(PRACTICE, id, context);
    expect(place.addressLines.length).toBeGreaterThan(0);
  });

  it.each([
    "v1.2.7/get_capability_statement_response.json",
    "v1.2.8/get-capability-statement-response-payload-1.json",
    "demonstrator/demonstrator_capability_statement.json",
  ])("%s offers slots and bookings", async (file) => {
    replay(file);
    const { interactions } = await proxy.client.fetchCapabilities(PRACTICE, context);
    expect(interactions).toEqual(
      expect.arrayContaining(["Slot.search-type", "Appointment.create", "gpc.registerpatient"]),
    );
  });

  it.each([
    ["provider_400_invalid_nhs_number.json", 400, "PROVIDER", "INVALID_NHS_NUMBER"],
    ["provider_400_bad_request_jwt.json", 400, "PROVIDER", "BAD_REQUEST"],
    ["provider_403_access_denied.json", 403, "PROVIDER", "NOT_ENABLED"],
    ["provider_403_no_patient_consent.json", 403, "PROVIDER", "NO_PATIENT_CONSENT"],
    ["provider_404_no_record_found.json", 404, "PROVIDER", "NO_RECORD_FOUND"],
    ["provider_404_patient_not_found.json", 404, "PROVIDER", "PATIENT_NOT_FOUND"],
    ["provider_409_duplicate_rejected.json", 409, "PROVIDER", "DUPLICATE_REJECTED"],
    ["provider_422_reference_not_found.json", 422, "PROVIDER", "REFERENCE_NOT_FOUND"],
    ["provider_500_internal_server_error.json", 500, "PROVIDER", "INTERNAL_SERVER_ERROR"],
    ["ssp_400_target_url_varies.INVALID.txt", 400, "SSP", "ENDPOINT_CHANGED"],
    ["ssp_403_sender_asid.json", 403, "SSP", "SENDER_NOT_ACCREDITED"],
    ["ssp_403_receiver_asid.json", 403, "SSP", "NOT_ON_GP_CONNECT"],
    ["ssp_403_no_sharing_agreement.json", 403, "SSP", "NO_SHARING_AGREEMENT"],
    ["ssp_405_method_not_allowed.json", 405, "SSP", undefined],
    ["ssp_415_unsupported_media_type.json", 415, "SSP", undefined],
    ["ssp_502_target_unreachable.json", 502, "PROVIDER", undefined],
  ])("%s", async (file, status, service, reason) => {
    replay(`errors/${file}`, status);
    expect(await failureOf(proxy.client.fetchCapabilities(PRACTICE, context))).toMatchObject({
      service,
      reason,
      httpStatus: status,
    });
  });
});

/** The id of a sample appointment and of its patient. */
function readSample(file: string): { id: string; patientId: string } {
  const text = readFileSync(path.join(SAMPLES, file), "utf8");
  return { id: JSON.parse(text).id, patientId: /"Patient\/([^"/]+)"/.exec(text)?.[1] ?? "" };
}
