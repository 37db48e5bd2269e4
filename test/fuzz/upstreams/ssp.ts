import { z } from "zod";
import { createGpConnectClient, type GpConnectClient } from "../../../src/upstreams/ssp/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import * as domain from "../kit/domain-schemas.js";
import type { StubResponse } from "../kit/mutate.js";
import { Broken } from "../kit/properties.js";
import { samples } from "../kit/samples.js";
import { NEWCOMER, PATIENT, RANGE, type SandboxSeeds } from "../kit/sandbox-seeds.js";
import { StubHttp } from "../kit/stub-http.js";
import type { Operation, Target } from "../kit/target.js";
import { readThenChange } from "./ssp-changes.js";

const WINDOW = { start: "2026-11-24T00:00:00+00:00", end: "2026-11-24T23:59:59+00:00" };
const HAS_SLOT = { id: "slot-1", start: "2026-11-24T09:00:00+00:00", end: "2026-11-24T09:10:00+00:00" };

/** GP Connect through the proxy: every method of the client, right responses and refusals of both parties. */
export function sspTarget(taken: SandboxSeeds): Target {
  const { practice, ids } = taken;
  const http = new StubHttp();
  const limits = { timeoutMs: 1_000, writeTimeoutMs: 1_000 };
  const clock = new TestClock();
  const client = createGpConnectClient({
    url: "http://ssp.example",
    http,
    clock,
    system: testConsumer,
    ...limits,
  });
  const refusals = [
    ...(taken.responses.get("refusals") ?? []),
    ...samples("gp-connect/errors", /./, { nhsNumber: PATIENT }),
  ];
  const operation = (
    name: string,
    kinds: readonly string[],
    published: RegExp,
    schema: z.ZodType,
    call: (client: GpConnectClient) => Promise<unknown>,
    id?: string,
  ): Operation => {
    const options = { nhsNumber: PATIENT, patientId: ids.patient, ...(id !== undefined && { id }) };
    const right = [
      ...kinds.flatMap((kind) => aboutPatient(taken.responses.get(kind))),
      ...samples("gp-connect/v1.2.7", published, options),
      ...samples("gp-connect/v1.2.8", published, options),
    ];
    return {
      name,
      schema,
      seeds: right,
      refusals,
      async call(response) {
        http.respondWith(response);
        return call(client);
      },
    };
  };
  const about = { patientId: ids.patient };
  const booking = {
    patientId: ids.patient,
    slots: [HAS_SLOT],
    locationId: ids.location,
    description: "Synthetic",
  };
  const changes = readThenChange(client, http, taken, testContext);
  return {
    name: "SSP",
    operations: [
      operation("fetchCapabilities", ["capabilities"], /capability/, domain.capabilities, (gp) =>
        gp.fetchCapabilities(practice, testContext()),
      ),
      operation("searchFreeSlots", ["slots"], /free.slots/, domain.slotSearchResponse, async (gp) =>
        inOrder(await gp.searchFreeSlots(practice, WINDOW, testContext()), clock.now()),
      ),
      operation(
        "findPatient",
        ["patients"],
        /find.patient_?.*response/,
        z.array(domain.practicePatient),
        async (gp) => ours(await gp.findPatient(practice, PATIENT, testContext())),
      ),
      operation(
        "registerPatient",
        ["registration"],
        /register.patient.response/,
        domain.practicePatient,
        async (gp) => {
          const patient = await gp.registerPatient(practice, NEWCOMER, testContext());
          ours([patient]);
          return patient;
        },
      ),
      operation(
        "createAppointment",
        ["appointment"],
        /book.appt.response/,
        domain.appointment,
        async (gp) => theirs([await gp.createAppointment(practice, booking, testContext())], ids.patient)[0],
      ),
      operation(
        "fetchAppointments",
        ["appointments"],
        /retrieve.patient/,
        domain.appointmentList,
        async (gp) => {
          const list = await gp.fetchAppointments(practice, ids.patient, RANGE, testContext());
          theirs(list.appointments, ids.patient);
          return list;
        },
      ),
      operation(
        "readAppointment",
        ["appointment"],
        /read.appt.response/,
        z.strictObject({ appointment: domain.appointment, resource: z.object({ text: z.string() }) }),
        async (gp) => {
          const received = await gp.readAppointment(practice, ids.appointment, testContext(), about);
          theirs([received.appointment], ids.patient);
          return received;
        },
        ids.appointment,
      ),
      operation(
        "readLocation",
        ["location"],
        /read.location/,
        domain.location,
        (gp) => gp.readLocation(practice, ids.location, testContext()),
        ids.location,
      ),
      operation(
        "readPractitioner",
        ["practitioner"],
        /read.practitioner/,
        domain.practitioner,
        (gp) => gp.readPractitioner(practice, ids.practitioner, testContext()),
        ids.practitioner,
      ),
      operation(
        "findOrganisation",
        ["organisation"],
        /find.organization/,
        domain.organisation.optional(),
        (gp) => gp.findOrganisation(practice, testContext()),
      ),
      operation(
        "cancelAppointment",
        ["appointment", "cancelled"],
        /read.appt.response|cancel.appt.response/,
        domain.appointment,
        changes.cancel,
        ids.appointment,
      ),
      operation(
        "amendAppointment",
        ["appointment"],
        /read.appt.response|amend.appt.response/,
        domain.appointment,
        changes.amend,
        ids.appointment,
      ),
    ],
  };
}

/** The newcomer's responses have another number than the requested one. */
function aboutPatient(responses: readonly StubResponse[] = []): StubResponse[] {
  return responses.map((response) => ({
    ...response,
    body: response.body.replaceAll("9990000131", PATIENT),
  }));
}

function ours(patients: readonly { readonly nhsNumber: string }[]): unknown {
  if (patients.some(({ nhsNumber }) => nhsNumber !== PATIENT)) throw new Broken("another patient came out");
  return patients;
}

function theirs<T extends { readonly patientId?: string | undefined }>(
  appointments: readonly T[],
  patientId: string,
): readonly T[] {
  if (appointments.some((one) => one.patientId !== patientId)) {
    throw new Broken("another patient's appointment came out");
  }
  return appointments;
}

function inOrder<T extends { readonly slots: readonly { readonly id: string; readonly start: string }[] }>(
  response: T,
  now: number,
): T {
  const starts = response.slots.map(({ start }) => Date.parse(start));
  if (starts.some((start, index) => !(start > now) || start < (starts[index - 1] ?? now))) {
    throw new Broken("slots came out that have begun, or out of order");
  }
  if (new Set(response.slots.map(({ id }) => id)).size !== response.slots.length)
    throw new Broken("a slot came out twice");
  return response;
}
