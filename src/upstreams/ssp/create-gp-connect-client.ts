import type { CallerOrganisation } from "../../domain/caller.js";
import { toLondonDate } from "../../domain/london-time.js";
import { createAppointmentMethods } from "./appointments.js";
import { createExchange, type ExchangeOptions } from "./exchange.js";
import type { GpConnectClient, SlotWindow } from "./gp-connect-client.js";
import { INTERACTIONS } from "./interactions.js";
import { toCapabilities } from "./map-capabilities.js";
import { toPracticePatients } from "./map-patient.js";
import { toPractitioner } from "./map-people.js";
import { toFoundOrganisation, toLocation } from "./map-places.js";
import { toSlotSearchAnswer } from "./map-slots.js";
import { toRegistrationBody } from "./registration-body.js";
import { toQuery, toSegment } from "./request-url.js";
import { expectResource, UnusableAnswer } from "./unusable-answer.js";
import { CODE_SYSTEM, ID, type Json } from "./wire.js";

export type GpConnectClientOptions = ExchangeOptions;

/** The client of GP Connect 1.2.x through the proxy at `url` (`SSP_URL`). Times are in milliseconds. */
export function createGpConnectClient(options: GpConnectClientOptions): GpConnectClient {
  const exchange = createExchange(options);
  const { clock } = options;
  return {
    ...createAppointmentMethods(exchange, clock),

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

    searchFreeSlots: (practice, window, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.searchFreeSlots,
          method: "GET",
          path: `Slot?${toSlotQuery(window, context.caller.organisation)}`,
          read: ({ body }) => toSlotSearchAnswer(body, practice.odsCode, clock.now()),
        },
        context,
      ),

    findPatient: (practice, nhsNumber, context) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.findPatient,
          method: "GET",
          path: `Patient?${toQuery([["identifier", `${ID.nhsNumber}|${nhsNumber}`]])}`,
          nhsNumber,
          read: ({ body }) => toPracticePatients(body, nhsNumber),
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
          body: toRegistrationBody(registration, toLondonDate(clock.now())),
          nhsNumber: registration.nhsNumber,
          read: ({ body }) => {
            const [patient] = toPracticePatients(body, registration.nhsNumber);
            if (!patient) throw new UnusableAnswer("INCOMPLETE_ANSWER");
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
          read: ({ body }) => toLocation(expectOne(body, "Location", id)),
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
          read: ({ body }) => toPractitioner(expectOne(body, "Practitioner", id)),
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
          read: ({ body }) => toFoundOrganisation(body, practice.odsCode),
          absent: { reason: "ORGANISATION_NOT_FOUND", value: undefined },
        },
        context,
      ),
  };
}

/**
 * Without the filters every restricted slot would silently be missing, and without the three includes the duties
 * of display could not be met (GP Connect notes, sections 8.4 and 11.4).
 */
function toSlotQuery({ start, end }: SlotWindow, organisation: CallerOrganisation): string {
  const type = organisation.type;
  return toQuery([
    ["status", "free"],
    ["start", `ge${start}`],
    ["end", `le${end}`],
    ["_include", "Slot:schedule"],
    ["_include:recurse", "Schedule:actor:Practitioner"],
    ["_include:recurse", "Schedule:actor:Location"],
    ["_include:recurse", "Location:managingOrganization"],
    ...(type ? ([["searchFilter", `${CODE_SYSTEM.organisationType}|${type}`]] as const) : []),
    ["searchFilter", `${ID.odsOrganisation}|${organisation.odsCode}`],
  ]);
}

function expectOne(body: unknown, type: string, id: string): Json {
  const resource = expectResource(body, type);
  if (resource.id !== id) throw new UnusableAnswer("WRONG_RESOURCE");
  return resource;
}
