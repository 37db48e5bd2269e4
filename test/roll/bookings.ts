import type { Sandbox } from "../../src/sandbox/index.js";
import { until } from "../support/redis.js";
import type { Balancer } from "./balancer.js";

const OUTCOME = `query ($handle: ID!) { bookingOutcome(handle: $handle) {
  __typename ... on AppointmentBooked { appointment { id } }
} }`;

/** Result of a command. */
interface Result {
  readonly __typename: string;
  readonly appointment?: { readonly id: string };
}

/** One booking under one key, however often it was sent. */
export class Booking {
  readonly results: Result[] = [];
  /** Sends that got no result: the caller cannot know. */
  unanswered = 0;

  constructor(
    readonly odsCode: string,
    readonly key: string,
    /** Tells its appointments apart at the practice. */
    readonly description: string,
  ) {}

  receive(result: Result | undefined): void {
    if (result === undefined) this.unanswered += 1;
    else this.results.push(result);
  }

  get isBooked(): boolean {
    return this.results.some(({ __typename }) => __typename === "AppointmentBooked");
  }

  /** The caller knows what became of it. */
  get isSettled(): boolean {
    return this.isBooked || (this.unanswered === 0 && !this.results.some(isUnknown));
  }
}

const isUnknown = ({ __typename }: Result) => __typename === "BookingOutcomeUnknown";

let bookingsSoFar = 0;

/** All bookings of a load, to compare with the practices. */
export class Bookings {
  readonly all: Booking[] = [];

  begin(odsCode: string): Booking {
    bookingsSoFar += 1;
    const booking = new Booking(odsCode, `roll-key-${bookingsSoFar}`, `Roll ${bookingsSoFar}.`);
    this.all.push(booking);
    return booking;
  }

  get booked(): number {
    return this.all.filter(({ isBooked }) => isBooked).length;
  }

  /** Polls the outcome of every booking that is not known, as callers do. */
  async settle(balancer: Balancer, withinMs: number): Promise<void> {
    const open = new Set(this.all.filter(({ isSettled }) => !isSettled));
    await until(
      "the outcome of every booking",
      async () => {
        for (const booking of open) if (await this.#poll(booking, balancer)) open.delete(booking);
        return open.size === 0;
      },
      withinMs,
    );
  }

  /**
   * Compares with what the practices hold.
   *
   * @returns bookings with two appointments, with one that its caller was told is booked and is not there, and with
   *   different results under one key.
   */
  compare(sandbox: Sandbox): { doubled: string[]; lost: string[]; contradictory: string[] } {
    const doubled: string[] = [];
    const lost: string[] = [];
    const contradictory: string[] = [];
    for (const { odsCode, key, description, isBooked, results } of this.all) {
      const held = [...(sandbox.practices.get(odsCode)?.appointments.values() ?? [])].filter(
        ({ resource }) => resource.description === description,
      );
      if (held.length > 1) doubled.push(key);
      if (isBooked && held.length === 0) lost.push(key);
      const ids = new Set(results.flatMap(({ appointment }) => appointment?.id ?? []));
      if (ids.size > 1 || (!isBooked && held.length > 0)) contradictory.push(key);
    }
    return { doubled, lost, contradictory };
  }

  /** @returns true once the outcome is known. */
  async #poll(booking: Booking, balancer: Balancer): Promise<boolean> {
    const { status, body } = await balancer
      .post({ query: OUTCOME, variables: { handle: booking.key } })
      .catch(() => ({ status: 0, body: "" }));
    if (status !== 200) return false;
    const { data, errors } = JSON.parse(body) as {
      data?: { bookingOutcome: Result | null };
      errors?: { extensions: { reason?: string } }[];
    };
    // Nothing was sent under the key, or what was sent has had no effect.
    if (errors?.[0]?.extensions.reason === "NOT_BOOKED") return true;
    if (errors || !data) return false;
    if (data.bookingOutcome === null) return true;
    if (isUnknown(data.bookingOutcome)) return false;
    booking.results.push(data.bookingOutcome);
    return true;
  }
}
