import { z } from "zod";
import { createGpConnectClient, type GpConnectClient } from "../../../src/upstreams/ssp/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import * as domain from "../kit/domain-schemas.js";
import type { Answer } from "../kit/mutate.js";
import { Broken } from "../kit/properties.js";
import { samples } from "../kit/samples.js";
import { NEWCOMER, PATIENT, RANGE, type SandboxSeeds } from "../kit/sandbox-seeds.js";
import { StubHttp } from "../kit/stub-http.js";
import type { Question, Target } from "../kit/target.js";
import { readThenChange } from "./ssp-changes.js";

const WINDOW = { start: "2026-11-24T00:00:00+00:00", end: "2026-11-24T23:59:59+00:00" };
const HAS_SLOT = { id: "slot-1", start: "2026-11-24T09:00:00+00:00", end: "2026-11-24T09:10:00+00:00" };

/** GP Connect through the proxy: every method of the client, right answers and refusals of both parties. */
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
    ...(taken.answers.get("refusals") ?? []),
    ...samples("gp-connect/errors", /./, { nhsNumber: PATIENT }),
  ];
  const question = (
    name: string,
    kinds: readonly string[],
    published: RegExp,
    schema: z.ZodType,
    ask: (client: GpConnectClient) => Promise<unknown>,
    id?: string,
  ): Question => {
    const options = { nhsNumber: PATIENT, patientId: ids.patient, ...(id !== undefined && { id }) };
    const right = [
      ...kinds.flatMap((kind) => aboutPatient(taken.answers.get(kind))),
      ...samples("gp-connect/v1.2.7", published, options),
      ...samples("gp-connect/v1.2.8", published, options),
    ];
    return {
      name,
      schema,
      seeds: right,
      refusals,
      async ask(answer) {
        http.answerWith(answer);
        return ask(client);
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
    questions: [
      question("fetchCapabilities", ["capabilities"], /capability/, domain.capabilities, (gp) =>
        gp.fetchCapabilities(practice, testContext()),
      ),
      question("searchFreeSlots", ["slots"], /free.slots/, domain.slotSearchAnswer, async (gp) =>
        inOrder(await gp.searchFreeSlots(practice, WINDOW, testContext()), clock.now()),
      ),
      question(
        "findPatient",
        ["patients"],
        /find.patient_?.*response/,
        z.array(domain.practicePatient),
        async (gp) => ours(await gp.findPatient(practice, PATIENT, testContext())),
      ),
      question(
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
      question(
        "createAppointment",
        ["appointment"],
        /book.appt.response/,
        domain.appointment,
        async (gp) => theirs([await gp.createAppointment(practice, booking, testContext())], ids.patient)[0],
      ),
      question(
        "fetchAppointments",
        ["appointments"],
        /retrieve.patient/,
        z.array(domain.appointment),
        async (gp) =>
          theirs(await gp.fetchAppointments(practice, ids.patient, RANGE, testContext()), ids.patient),
      ),
      question(
        "readAppointment",
        ["appointment"],
        /read.appt.response/,
        z.strictObject({ appointment: domain.appointment, resource: z.record(z.string(), z.unknown()) }),
        async (gp) => {
          const received = await gp.readAppointment(practice, ids.appointment, testContext(), about);
          theirs([received.appointment], ids.patient);
          return received;
        },
        ids.appointment,
      ),
      question(
        "readLocation",
        ["location"],
        /read.location/,
        domain.location,
        (gp) => gp.readLocation(practice, ids.location, testContext()),
        ids.location,
      ),
      question(
        "readPractitioner",
        ["practitioner"],
        /read.practitioner/,
        domain.practitioner,
        (gp) => gp.readPractitioner(practice, ids.practitioner, testContext()),
        ids.practitioner,
      ),
      question(
        "findOrganisation",
        ["organisation"],
        /find.organization/,
        domain.organisation.optional(),
        (gp) => gp.findOrganisation(practice, testContext()),
      ),
      question(
        "cancelAppointment",
        ["appointment", "cancelled"],
        /read.appt.response|cancel.appt.response/,
        domain.appointment,
        changes.cancel,
        ids.appointment,
      ),
      question(
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

/** The newcomer's answers bear another number than the one that is asked about. */
function aboutPatient(answers: readonly Answer[] = []): Answer[] {
  return answers.map((answer) => ({ ...answer, body: answer.body.replaceAll("9990000131", PATIENT) }));
}

function ours(patients: readonly { readonly nhsNumber: string }[]): unknown {
  if (patients.some(({ nhsNumber }) => nhsNumber !== PATIENT)) throw new Broken("another patient came out");
  return patients;
}

function theirs<T extends { readonly patientId?: string | undefined }>(
  appointments: readonly T[],
  patientId: string,
): readonly T[] {
  if (appointments.some((one) => one.patientId !== undefined && one.patientId !== patientId)) {
    throw new Broken("another patient's appointment came out");
  }
  return appointments;
}

function inOrder<T extends { readonly slots: readonly { readonly id: string; readonly start: string }[] }>(
  answer: T,
  now: number,
): T {
  const starts = answer.slots.map(({ start }) => Date.parse(start));
  if (starts.some((start, index) => !(start > now) || start < (starts[index - 1] ?? now))) {
    throw new Broken("slots came out that have begun, or out of order");
  }
  if (new Set(answer.slots.map(({ id }) => id)).size !== answer.slots.length)
    throw new Broken("a slot came out twice");
  return answer;
}
