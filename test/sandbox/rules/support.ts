import { toJournalEntry } from "../../../src/sandbox/control/journal/judge-request.js";
import { DEFAULT_PROFILE, isSupplierProfileName, type SandboxOptions } from "../../../src/sandbox/index.js";
import { bookingOf, resourcesOf } from "../support/bundles.js";
import type { Call, Caller } from "../support/caller.js";
import { type SandboxUnderTest, useSandbox } from "../support/use-sandbox.js";
import { codeOf, type Json, NHS_SYSTEM, type WireResponse } from "../support/wire.js";

export const STU3 = "https://fhir.nhs.uk/STU3/StructureDefinition";
export const REASON_URL = `${STU3}/Extension-GPConnect-AppointmentCancellationReason-1`;
export const PATIENT = "9000000009";
export const FROM = "2026-01-15";
export const TO = "2026-01-27";

/** Refusals that are not about the request: the practice or the sandbox cannot process it. */
const NOT_THE_REQUEST = [500, 501, 502, 504];

/**
 * A sandbox whose state is new before each rule. `SANDBOX_PROFILE` is the profile of its practices; the rules that fail
 * with another profile than the strict one are the deviations of that profile. At the strict profile, the journal must be
 * able to name the rule of every refusal.
 */
export function useFreshSandbox(options: SandboxOptions = {}): SandboxUnderTest {
  const profile = process.env.SANDBOX_PROFILE ?? DEFAULT_PROFILE;
  if (!isSupplierProfileName(profile)) throw new Error(`SANDBOX_PROFILE: there is no profile ${profile}`);
  const under = useSandbox({ profile, ...options });
  beforeEach(() => under.sandbox.reset());
  afterEach(() => {
    if (profile !== DEFAULT_PROFILE) return;
    const profileOf = (odsCode: string) => under.sandbox.practices.get(odsCode)?.profile;
    const unnamed = under.sandbox.requests
      .filter(({ refusal, fault, status = 0 }) => refusal && !fault && !NOT_THE_REQUEST.includes(status))
      .map((request) => toJournalEntry(request, profileOf))
      .filter(({ rules, nearMiss }) => rules.broken.length !== 1 || !nearMiss?.needed);
    expect(unnamed.map(({ service, refusal }) => [service, refusal])).toEqual([]);
  });
  return under;
}

/** Status and code of a refusal, for comparison. */
export function refusal(reply: WireResponse): [number, string | undefined] {
  return [reply.status, codeOf(reply)];
}

/** A slot search for the whole test range. */
export function allSlots(caller: Caller, filters = ""): Promise<WireResponse> {
  return caller.slots(FROM, TO, filters);
}

/** A valid booking of the first free slot, with changes. */
export async function preparedBooking(
  caller: Caller,
  changes: Record<string, unknown> = {},
  nhsNumber = PATIENT,
): Promise<{ slot: Json; booking: Json; response: Json }> {
  const { json } = await allSlots(caller);
  const [slot] = resourcesOf(json, "Slot");
  if (!slot) throw new Error("no free slot");
  return {
    slot,
    response: json,
    booking: bookingOf(json, [slot], await caller.patientId(nhsNumber), changes),
  };
}

/**
 * Books the first free slot and returns the appointment as a consumer sends it back: without the empty cancellation
 * reason that some suppliers add, and refuse in a PUT.
 */
export async function booked(caller: Caller, changes: Record<string, unknown> = {}): Promise<Json> {
  const { booking } = await preparedBooking(caller, changes);
  const reply = await caller.book(booking);
  if (reply.status !== 201) throw new Error(`booking refused with ${reply.status}`);
  return sentBack(reply.json);
}

/** An appointment without an empty cancellation reason. */
export function sentBack(appointment: Json): Json {
  const isEmptyReason = ({ url, valueString }: Json) => url === REASON_URL && valueString === undefined;
  return { ...appointment, extension: appointment.extension.filter((one: Json) => !isEmptyReason(one)) };
}

/** The version of an appointment, for If-Match. */
export function versionOf(appointment: Json): string {
  return appointment.meta.versionId;
}

export function readAppointment(
  caller: Caller,
  id: string,
  changes: Partial<Call> = {},
): Promise<WireResponse> {
  const path = `Appointment/${id}`;
  return caller.call({ interaction: "rest:read:appointment-1", scope: "patient/*.read", path, ...changes });
}

/** A read of a resource other than Appointment. */
export function read(caller: Caller, type: string, id: string): Promise<WireResponse> {
  const scope = type === "Patient" ? "patient/*.read" : "organization/*.read";
  return caller.call({ interaction: `rest:read:${type.toLowerCase()}-1`, scope, path: `${type}/${id}` });
}

/** A search of organisation or practitioner. */
export function search(
  caller: Caller,
  type: "Organization" | "Practitioner",
  query: string,
): Promise<WireResponse> {
  return caller.call({
    interaction: `rest:search:${type.toLowerCase()}-1`,
    scope: "organization/*.read",
    path: `${type}?${query}`,
  });
}

/** An appointment with status cancelled and a reason. */
export function cancellationOf(appointment: Json, reason = "Feels better", url = REASON_URL): Json {
  return {
    ...appointment,
    status: "cancelled",
    extension: [...appointment.extension, { url, valueString: reason }],
  };
}

/** The Patient of a valid registration of somebody whom the good practice does not know. */
export function registration(changes: Record<string, unknown> = {}): Json {
  return {
    resourceType: "Patient",
    meta: { profile: [`${STU3}/CareConnect-GPC-Patient-1`] },
    identifier: [{ system: NHS_SYSTEM, value: "9990000131" }],
    name: [{ use: "official", family: "Mowbray", given: ["Saskia"] }],
    birthDate: "1995-03-30",
    ...changes,
  };
}

/** Sends a registration, or another body. */
export function register(caller: Caller, patient: Json, body?: object): Promise<WireResponse> {
  return caller.call({
    interaction: "operation:gpc.registerpatient-1",
    scope: "patient/*.write",
    path: "Patient/$gpc.registerpatient",
    method: "POST",
    body: body ?? { resourceType: "Parameters", parameter: [{ name: "registerPatient", resource: patient }] },
  });
}
