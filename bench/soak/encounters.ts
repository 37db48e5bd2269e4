import { Agent, request } from "undici";
import { parseNhsNumber } from "../../src/domain/nhs-number.js";
import type { Random } from "./operations.js";

/** One request of an encounter. */
export interface StepResult {
  readonly step: string;
  readonly ms: number;
  /** `ok`, the type of a mutation's result, or the code of the first error. */
  readonly outcome: string;
}

export interface EncounterOptions {
  readonly url: string;
  /** Encounters a second on average, at random intervals. */
  readonly perSecond: number;
  readonly rampMs: number;
  readonly random: Random;
  readonly patients: readonly string[];
  readonly receive: (result: StepResult) => void;
}

/** Shares of all encounters. */
const STATUS_SHARE = 0.1;
const CARD_SHARE = 0.1;
/** Shares of the encounters with a card. */
const BOOK_SHARE = 0.5;
/** Share of the bookings. */
const CANCEL_SHARE = 0.5;
const RESPONSE_TIMEOUT_MS = 30_000;
/** The share of the rate at the start: a process without compiled code would only build a queue. */
const MIN_SHARE = 0.1;

const READ = "query Read($nhs: ID!) { patient(nhsNumber: $nhs) { name { display } dateOfBirth } }";
const STATUS = "query Status($nhs: ID!) { patient(nhsNumber: $nhs) { chargeableStatus { recorded } } }";
const CARD = `query Card($nhs: ID!) {
  patient(nhsNumber: $nhs) {
    practice { odsCode capabilities { canBookAppointments } freeSlots(first: 20) { id start end } }
  }
}`;
const APPOINTMENTS =
  "query Appointments($nhs: ID!) { patient(nhsNumber: $nhs) { appointments { id version status } } }";
const BOOK = `mutation Book($input: BookAppointmentInput!) {
  bookAppointment(input: $input) { __typename ... on AppointmentBooked { appointment { id version } } }
}`;
const CANCEL = `mutation Cancel($input: CancelAppointmentInput!) {
  cancelAppointment(input: $input) { __typename }
}`;

/** So many NHS numbers of generated patients, from the first base of the sandbox. */
export function generatedPatients(count: number): string[] {
  const numbers: string[] = [];
  for (let base = 999_100_000; numbers.length < count; base += 1) {
    for (let check = 0; check <= 9; check += 1) {
      const number = parseNhsNumber(`${base}${check}`);
      if (number !== undefined) numbers.push(number);
    }
  }
  return numbers;
}

/**
 * Starts encounters at a steady mean rate, whether or not earlier ones have ended. Each has a session and a patient of
 * its own. All read the patient; some read the chargeable status; some see free slots, book, list and cancel.
 */
export function startEncounters(options: EncounterOptions): {
  readonly count: () => number;
  stop(): Promise<void>;
} {
  const { url, perSecond, rampMs, random, patients, receive } = options;
  const agent = new Agent({ connections: 256, headersTimeout: RESPONSE_TIMEOUT_MS });
  const inFlight = new Set<Promise<void>>();
  const begunAt = performance.now();
  let due = begunAt;
  let begun = 0;

  const runEncounter = async (number: number) => {
    const nhs = patients[number % patients.length] ?? "";
    const send = async (step: string, query: string, variables: object) => {
      const sentAt = performance.now();
      const { outcome, data } = await post(url, agent, `encounter-${number}`, { query, variables });
      receive({ step, ms: performance.now() - sentAt, outcome });
      return data;
    };
    await send("read", READ, { nhs });
    if (random() < STATUS_SHARE) await send("status", STATUS, { nhs });
    if (random() >= CARD_SHARE) return;
    const card = await send("card", CARD, { nhs });
    const slots = card?.patient?.practice?.freeSlots ?? [];
    const slot = slots[Math.floor(random() * slots.length)];
    if (slot === undefined || random() >= BOOK_SHARE) return;
    const input = { nhsNumber: nhs, slotIds: [slot.id], description: "Review" };
    const appointment = (await send("book", BOOK, { input }))?.bookAppointment?.appointment;
    await send("appointments", APPOINTMENTS, { nhs });
    if (appointment === undefined || random() >= CANCEL_SHARE) return;
    await send("cancel", CANCEL, { input: { ...appointment, reason: "No longer needed" } });
  };

  const timer = setInterval(() => {
    while (due <= performance.now()) {
      const running = runEncounter(begun);
      begun += 1;
      inFlight.add(running);
      void running.finally(() => inFlight.delete(running));
      const share = Math.min(1, MIN_SHARE + (due - begunAt) / rampMs);
      due += (-Math.log(1 - random()) * 1000) / (perSecond * share);
    }
  }, 5);

  return {
    count: () => begun,
    async stop() {
      clearInterval(timer);
      await Promise.all(inFlight);
      await agent.close();
    },
  };
}

interface Data {
  readonly patient?: { readonly practice?: { readonly freeSlots?: readonly { readonly id: string }[] } };
  readonly bookAppointment?: {
    readonly __typename: string;
    readonly appointment?: { readonly id: string; readonly version: string };
  };
  readonly cancelAppointment?: { readonly __typename: string };
}

interface Reply {
  readonly outcome: string;
  readonly data?: Data | undefined;
}

async function post(url: string, dispatcher: Agent, session: string, body: object): Promise<Reply> {
  try {
    const response = await request(url, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json", "spine-session": session },
      body: JSON.stringify(body),
    });
    const { data, errors } = (await response.body.json()) as {
      data?: Data;
      errors?: readonly { readonly extensions?: { readonly code?: string; readonly reason?: string } }[];
    };
    if (errors?.[0]) {
      const { code = "ERROR", reason } = errors[0].extensions ?? {};
      return { outcome: [code, reason].filter(Boolean).join(" "), data };
    }
    const type = data?.bookAppointment?.__typename ?? data?.cancelAppointment?.__typename;
    return { outcome: type ?? "ok", data };
  } catch {
    return { outcome: "NO_RESPONSE" };
  }
}
