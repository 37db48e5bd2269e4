import { GraphQLError } from "graphql";

const GP = "urn:nhs:names:services:gpconnect:fhir:";
const VM = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1";

const slots = [
  { id: "slot-one", start: "2026-11-24T09:00:00+00:00" },
  { id: "slot-two", start: "2026-11-24T09:20:00+00:00" },
];

/** The root value of the stub. */
export const resolvers = {
  patient: ({ nhsNumber }: { nhsNumber: string }) => ({
    nhsNumber,
    name: { display: nhsNumber === "9000000009" ? "Ada Quill" : "Tom Reed" },
    chargeableStatus: "A",
    practice: { odsCode: "T81001", name: "Elm Street Surgery", freeSlots: slots },
  }),
  practices: ({ odsCodes }: { odsCodes: string[] }) => odsCodes.map(practice),
  bookAppointment: ({ input }: { input: { slotIds: string[] } }) =>
    input.slotIds[0] === "slot-one"
      ? { __typename: "AppointmentBooked", appointment: { id: "booked-one", version: "1" } }
      : { __typename: "SlotUnavailable", code: "SLOT_UNAVAILABLE", message: "Taken" },
};

function practice(odsCode: string) {
  if (odsCode === "T81001") return { odsCode, name: "Elm Street Surgery" };
  return new GraphQLError("The practice did not respond in time.", {
    extensions: { code: "UPSTREAM_TIMEOUT", service: "PROVIDER", retryable: true },
  });
}

function call(
  service: string,
  interaction: string,
  target: string | null,
  times: [number, number],
  outcome = "OK",
) {
  return { service, interaction, target, startedMs: times[0], durationMs: times[1], outcome };
}

const patientRead = call("PDS", "Patient.read", null, [2, 34]);
const chargeable = call("VM", VM, null, [39, 41]);
const freeSlots = call("SSP", `${GP}rest:search:slot-1`, "T81001", [62, 74]);
const misses = (...services: string[]) =>
  Object.fromEntries(services.map((service) => [service, { hits: 0, misses: 1, shared: 0 }]));

const CALL_LOGS: Record<string, { first: object; again: object }> = {
  WhoIsIt: {
    first: { calls: [patientRead], cache: misses("PDS") },
    again: { calls: [], cache: { PDS: { hits: 1, misses: 0, shared: 0 } } },
  },
  Card: {
    first: {
      calls: [
        patientRead,
        call("SDS", "Endpoint", "YES", [2, 18]),
        call("SDS", "Device", "YES", [2, 21]),
        call("SDS", "Endpoint", "T81001", [37, 20]),
        call("SDS", "Device", "T81001", [37, 23]),
        chargeable,
        call("SSP", `${GP}rest:read:metadata-1`, "T81001", [62, 38]),
        freeSlots,
      ],
      cache: { ...misses("PDS", "SSP"), SDS: { hits: 0, misses: 2, shared: 1 } },
    },
    again: {
      calls: [
        { ...chargeable, startedMs: 3 },
        { ...freeSlots, startedMs: 2 },
      ],
      cache: { PDS: { hits: 1, misses: 0, shared: 0 }, SDS: { hits: 2, misses: 0, shared: 0 } },
    },
  },
  Practices: {
    first: {
      calls: [
        call("SDS", "search", null, [1, 12]),
        call("SSP", `${GP}rest:read:organization-1`, "T81001", [14, 30]),
        call("SSP", `${GP}rest:read:organization-1`, "T81002", [14, 120], "UPSTREAM_TIMEOUT"),
        call("SSP", `${GP}rest:read:organization-1`, "T81003", [14, 22], "NOT_FOUND"),
      ],
      cache: misses("SDS"),
    },
    again: { calls: [], cache: {} },
  },
};

/** The call log of an operation: for its first run in a session, or for a repeated run. */
export function callLogOf(operationName: string | undefined, again: boolean): object {
  return CALL_LOGS[operationName ?? ""]?.[again ? "again" : "first"] ?? { calls: [], cache: {} };
}
