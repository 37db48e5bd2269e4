import { generatedPatients } from "../../bench/soak/encounters.js";
import { type Balancer, LostRequest } from "./balancer.js";
import { Bookings } from "./bookings.js";
import type { Member } from "./fleet.js";

/** A request without a complete response. */
export interface Failure {
  readonly what: "query" | "booking";
  /** `UPSTREAM_UNAVAILABLE STORE`, or why there was no response. */
  readonly reason: string;
  /** The process that gave no response at all. */
  readonly lostTo?: Member | undefined;
}

export interface Load {
  readonly failures: Failure[];
  readonly bookings: Bookings;
  /** Requests with a complete response so far. */
  served(): number;
  /** Ends when so many more requests have been served. */
  untilServed(more: number): Promise<void>;
  /** Ends when so many more requests have failed. */
  untilFailed(more: number): Promise<void>;
  /** Requests that are under way end first. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly balancer: Balancer;
  /** Clients that query, one request after the other. */
  readonly readers: number;
  /** Clients that search, book, and send every second booking twice at the same time. */
  readonly bookers: number;
}

const CARD = `query ($nhs: ID!) { patient(nhsNumber: $nhs) {
  name { display } chargeableStatus { recorded }
  practice { odsCode freeSlots(first: 40) { id } }
} }`;
const READ = "query ($nhs: ID!) { patient(nhsNumber: $nhs) { name { display } dateOfBirth } }";
export const BOOK = `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
  __typename ... on AppointmentBooked { appointment { id } } ... on BookingOutcomeUnknown { handle }
} }`;

interface Card {
  readonly patient?: {
    readonly practice?: { readonly odsCode: string; readonly freeSlots?: readonly { readonly id: string }[] };
  };
}

interface Envelope<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
}

/** The patients of all loads of this file: each booking has a patient of its own. */
const PATIENTS = generatedPatients(3_000);
let nextPatient = 0;

/** Clients that send one request after the other, so that the load is as high as the processes can serve. */
export function startLoad({ balancer, readers, bookers }: LoadOptions): Load {
  const failures: Failure[] = [];
  const bookings = new Bookings();
  let served = 0;
  let isStopped = false;

  const send = async <T>(what: Failure["what"], query: string, variables: object): Promise<T | undefined> => {
    try {
      const { status, body } = await balancer.post({ query, variables });
      const { data, errors } = (status === 200 ? JSON.parse(body) : {}) as Envelope<T>;
      if (data && !errors) {
        served += 1;
        return data;
      }
      const { code, upstream, reason } = errors?.[0]?.extensions ?? {};
      failures.push({ what, reason: [status, code, upstream, reason].filter(Boolean).join(" ") });
    } catch (error) {
      if (!(error instanceof LostRequest)) throw error;
      failures.push({ what, reason: error.reason, lostTo: error.member });
    }
    return undefined;
  };
  const patient = () => {
    const nhs = PATIENTS[nextPatient % PATIENTS.length] ?? "";
    nextPatient += 1;
    return nhs;
  };
  const read = async (turn: number) => {
    await send("query", turn % 3 === 0 ? CARD : READ, { nhs: patient() });
  };
  const book = async (turn: number) => {
    const nhsNumber = patient();
    const { practice } = (await send<Card>("query", CARD, { nhs: nhsNumber }))?.patient ?? {};
    const slots = practice?.freeSlots ?? [];
    const slot = slots[turn % Math.max(1, slots.length)];
    if (practice === undefined || slot === undefined) return;
    const booking = bookings.begin(practice.odsCode);
    const input = {
      nhsNumber,
      slotIds: [slot.id],
      description: booking.description,
      idempotencyKey: booking.key,
    };
    const sendOnce = async () => {
      const data = await send<{ bookAppointment: { __typename: string; appointment?: { id: string } } }>(
        "booking",
        BOOK,
        { input },
      );
      booking.receive(data?.bookAppointment);
    };
    await Promise.all(turn % 2 === 0 ? [sendOnce()] : [sendOnce(), sendOnce()]);
  };
  const client = async (step: (turn: number) => Promise<void>) => {
    for (let turn = 0; !isStopped; turn += 1) {
      const before = failures.length;
      await step(turn);
      // A client that fails at once must not fill the machine.
      if (failures.length > before) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const running = [
    ...Array.from({ length: readers }, () => client(read)),
    ...Array.from({ length: bookers }, () => client(book)),
  ];
  return {
    failures,
    bookings,
    served: () => served,
    async untilServed(more) {
      const target = served + more;
      while (served < target) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    async untilFailed(more) {
      const target = failures.length + more;
      while (failures.length < target) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    async stop() {
      isStopped = true;
      await Promise.all(running);
    },
  };
}
