import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import type { NewAppointment } from "../../src/upstreams/ssp/index.js";
import { Random } from "../simulation/kit/random.js";
import { CommandHarness, OTHER_PATIENT, PATIENT } from "./command-harness.js";
import { refusal, silence } from "./fake-practice.js";

/**
 * A practice that checks a slot, and saves the appointment later without looking again, as NHS's own demonstrator does.
 * Two creates that are in the practice at the same time for one slot make two appointments.
 */

const BOUND_MS = 4_000;
const TIMEOUT_MS = 600;
const SLOTS = 25;
/** Each has 50 keys. The long checks run more. */
const WORLDS = Number(process.env.LATE_SAVING_WORLDS ?? 40);

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

class TwoStepWorld {
  readonly harness = new CommandHarness({ rules: { lateCommitBoundMs: BOUND_MS, leaseMs: 10_000 } });
  readonly outcomes = new Map<string, BookingOutcome | string>();
  /** Creates that came while an earlier one of the slot could still take effect. */
  overlaps = 0;
  creates = 0;
  readonly #random: Random;
  readonly #timers: Timer[] = [];
  readonly #busyUntil = new Map<string, number>();
  #now = 0;

  constructor(seed: string) {
    this.#random = new Random(seed, "two-step");
    const { harness } = this;
    const start = harness.clock.now();
    let offset = 0;
    harness.clock.now = () => start + this.#now + offset;
    harness.stopwatch.now = () => this.#now;
    harness.wait = (ms) => this.#sleep(ms);
    Object.assign(harness.practice.client, {
      createAppointment: (_practice: unknown, booking: NewAppointment, call: CallContext) =>
        this.#create(booking, call),
    });
    // Somebody sets the clock, again and again.
    for (let at = 0; at < 120_000; at += 10_000) {
      this.#at(at + this.#random.between(0, 9_999), () => {
        offset = this.#random.pick([0, 3_600_000, -3_600_000, 60_000, -5_000]);
      });
    }
    for (let at = 5_000; at < 200_000; at += 5_000) this.#at(at, () => void harness.sweeper.step());
  }

  /** A caller who asks again until the outcome is definite, at the time that was told, a little before, or after. */
  callAt(at: number, key: string, slot: number, nhsNumber = PATIENT): void {
    this.#at(at, () => void this.#request(key, slot, nhsNumber, 0));
  }

  async run(): Promise<void> {
    for (;;) {
      await drain();
      this.#timers.sort((one, other) => one.at - other.at);
      const next = this.#timers.shift();
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
  }

  async #request(key: string, slot: number, nhsNumber: typeof PATIENT, requests: number): Promise<void> {
    const { harness } = this;
    // Some requests can wait for the bound, others cannot.
    harness.deadlineMs = this.#random.pick([20_000, 1_000]);
    const slotIds = [harness.slot(24, { slotId: `slot-${slot}` })];
    const outcome = await harness
      .book({ idempotencyKey: key, slotIds, nhsNumber })
      .catch(({ reason, code }) => String(reason ?? code));
    this.outcomes.set(key, outcome);
    const isOpen =
      typeof outcome !== "string" &&
      (outcome.kind === "outcome-unknown" || ("code" in outcome && outcome.code === "SLOT_BEING_BOOKED"));
    if (!isOpen || requests > 12) return;
    this.#at(
      this.#now + this.#random.between(100, BOUND_MS + 2_000),
      () => void this.#request(key, slot, nhsNumber, requests + 1),
    );
  }

  async #create({ slots, patientId, description, comment }: NewAppointment, { caller }: CallContext) {
    const random = this.#random;
    const { practice, clock } = this.harness;
    this.creates += 1;
    const ids = slots.map(({ id }) => id);
    const [slot = ""] = ids;
    if ((this.#busyUntil.get(slot) ?? 0) > this.#now) this.overlaps += 1;
    // The first step: is the slot free now?
    if (practice.standing().some(({ slotIds }) => slotIds.includes(slot)))
      throw refusal(409, "DUPLICATE_REJECTED");
    const endsAt = random.between(1, TIMEOUT_MS);
    const isAnswered = random.chance(0.3);
    const isLost = !isAnswered && random.chance(0.3);
    const end = isAnswered ? endsAt : TIMEOUT_MS;
    // The second step: any time up to the bound after the end of the request.
    const savesAfter = isAnswered ? end : random.between(0, end + BOUND_MS - 1);
    // Once it is saved, every later create finds the slot taken. What is lost could be saved up to the bound.
    this.#busyUntil.set(slot, this.#now + (isLost ? end + BOUND_MS : Math.max(end, savesAfter)));
    const start = slots[0]?.start ?? "";
    const finish = slots.at(-1)?.end ?? "";
    const created = new Date(clock.now()).toISOString();
    const { odsCode } = caller.organisation;
    const save = () =>
      practice.bookElsewhere(ids, {
        start,
        end: finish,
        patientId,
        description,
        comment,
        created,
        bookingOrganisation: { odsCode },
      });
    if (isAnswered) {
      await this.#sleep(end);
      return save();
    }
    if (!isLost) this.#at(this.#now + savesAfter, () => void save());
    await this.#sleep(end);
    throw silence(
      random.chance(0.5) ? {} : { code: "UPSTREAM_UNAVAILABLE", httpStatus: random.pick([500, 502, 504]) },
    );
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#at(this.#now + ms, resolve));
  }

  #at(at: number, run: () => void): void {
    this.#timers.push({ at, run });
  }
}

/** Lets everything go on that needs no time to pass. */
async function drain(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise(setImmediate);
}

// Proves HAZ-19-48, HAZ-FALSE-FAILURE.
test.each(Array.from({ length: WORLDS }, (_, world) => `world-${world}`))(
  "%s: 50 keys for 25 slots at a practice that saves late, with clocks that jump: none stands twice, and each is told the truth",
  async (seed) => {
    const world = new TwoStepWorld(seed);
    const random = new Random(seed, "callers");
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const at = random.between(0, 30_000);
      world.callAt(at, `own ${slot}`, slot);
      // The same key from another window, and another caller for the same slot.
      world.callAt(at + random.between(0, 3_000), `own ${slot}`, slot);
      world.callAt(at + random.between(0, 3_000), `other ${slot}`, slot, OTHER_PATIENT);
    }
    await world.run();

    const { practice } = world.harness;
    const standing = practice.standing();
    const slots = standing.flatMap(({ slotIds }) => slotIds);
    expect(slots.filter((slot, index) => slots.indexOf(slot) !== index)).toEqual([]);
    expect(world.overlaps).toBe(0);
    for (const [key, outcome] of world.outcomes) {
      const [who, slot] = key.split(" ");
      const patientId = `patient-${who === "own" ? PATIENT : OTHER_PATIENT}`;
      const theirs = standing.filter(
        (one) => one.patientId === patientId && one.slotIds.includes(`slot-${slot}`),
      );
      const isBooked = typeof outcome !== "string" && outcome.kind === "booked";
      expect({
        key,
        outcome: typeof outcome === "string" ? outcome : outcome.kind,
        theirs: theirs.length,
      }).toEqual({
        key,
        outcome: expect.not.stringMatching("outcome-unknown"),
        theirs: isBooked ? 1 : 0,
      });
    }
    expect(world.outcomes.size).toBe(2 * SLOTS);
    expect(world.creates).toBeGreaterThan(SLOTS);
    expect(await world.harness.store.open()).toEqual([]);
  },
);
