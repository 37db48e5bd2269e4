import { toLondonDate } from "../../domain/london-time.js";
import { createAppointmentMethods } from "./appointments.js";
import { createExchange, type ExchangeOptions } from "./exchange.js";
import type { GpConnectClient } from "./gp-connect-client.js";
import { INTERACTIONS } from "./interactions.js";
import { toCapabilities } from "./map-capabilities.js";
import { toPracticePatients } from "./map-patient.js";
import { toPractitioner } from "./map-people.js";
import { toFoundOrganisation, toLocation } from "./map-places.js";
import { toHealthcareService } from "./map-services.js";
import { toRegistrationBody } from "./registration-body.js";
import { toQuery, toSegment } from "./request-url.js";
import { createSlotSearch } from "./slot-search.js";
import { expectResource, UnusableResponse } from "./unusable-response.js";
import { ID, type Json } from "./wire.js";

export interface GpConnectClientOptions extends ExchangeOptions {
  /** Use the additions of 1.2.8 (`GP_CONNECT_SERVICE_FILTERING`). */
  readonly serviceFiltering?: boolean;
}

/** The client of GP Connect 1.2.x through the proxy at `url` (`SSP_URL`). Times are in milliseconds. */
export function createGpConnectClient(options: GpConnectClientOptions): GpConnectClient {
  const exchange = createExchange(options);
  const { clock, serviceFiltering = false } = options;
  const today = () => toLondonDate(clock.now());
  return {
    serviceFiltering,
    ...createAppointmentMethods(exchange, clock, serviceFiltering),

    fetchCapabilities: (practice, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.capabilities,
          method: "GET",
          path: "metadata",
          read: ({ body }) => toCapabilities(body),
        },
        context,
      ),

    searchFreeSlots: createSlotSearch(exchange, clock, serviceFiltering),

    findPatient: (practice, nhsNumber, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.findPatient,
          method: "GET",
          path: `Patient?${toQuery([["identifier", `${ID.nhsNumber}|${nhsNumber}`]])}`,
          nhsNumber,
          read: ({ body }) => toPracticePatients(body, nhsNumber, today()),
          // Normally an empty bundle; some documents have this instead.
          absent: { reason: "PATIENT_NOT_FOUND", value: [] },
        },
        context,
      ),

    registerPatient: (practice, registration, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.registerPatient,
          method: "POST",
          path: "Patient/$gpc.registerpatient",
          body: JSON.stringify(toRegistrationBody(registration, today())),
          nhsNumber: registration.nhsNumber,
          read: ({ body }) => {
            const [patient] = toPracticePatients(body, registration.nhsNumber, today());
            if (!patient) throw new UnusableResponse("INCOMPLETE_RESOURCE");
            return patient;
          },
        },
        context,
      ),

    readLocation: (practice, id, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.readLocation,
          method: "GET",
          path: `Location/${toSegment(id)}`,
          read: ({ body }) => toLocation(expectOne(body, "Location", id), today()),
        },
        context,
      ),

    readPractitioner: (practice, id, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.readPractitioner,
          method: "GET",
          path: `Practitioner/${toSegment(id)}`,
          read: ({ body }) => toPractitioner(expectOne(body, "Practitioner", id), today()),
        },
        context,
      ),

    readHealthcareService: (practice, id, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.readHealthcareService,
          method: "GET",
          path: `HealthcareService/${toSegment(id)}`,
          read: ({ body }) => toHealthcareService(expectOne(body, "HealthcareService", id)),
          absent: { reason: "NO_RECORD_FOUND", value: undefined },
        },
        context,
      ),

    findOrganisation: (practice, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.findOrganisation,
          method: "GET",
          path: `Organization?${toQuery([["identifier", `${ID.odsOrganisation}|${practice.odsCode}`]])}`,
          read: ({ body }) => toFoundOrganisation(body, practice.odsCode, today()),
          absent: { reason: "ORGANISATION_NOT_FOUND", value: undefined },
        },
        context,
      ),
  };
}

function expectOne(body: unknown, type: string, id: string): Json {
  const resource = expectResource(body, type);
  if (resource.id !== id) throw new UnusableResponse("WRONG_RESOURCE");
  return resource;
}
