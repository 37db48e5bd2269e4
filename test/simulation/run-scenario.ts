import { hasDoubleBooking } from "../../src/domain/double-bookings.js";
import { toLondonDate } from "../../src/domain/london-time.js";
import type { CallerRequest, History, Reply } from "./history.js";
import { virtualTimeouts } from "./kit/scheduler.js";
import { type PlannedRequest, RECOVERY_MS, type Scenario } from "./scenario.js";
import { CALLERS, nhsNumberOf } from "./world/callers.js";
import { patientIdOf } from "./world/clients.js";
import { sendCommand } from "./world/send-command.js";
import { type PlantedFaults, World } from "./world/world.js";

/** The outcome of every command must be known this long after the practice recovers. */
const RECONCILED_MS = 60_000;
/**
 * Clocks differ, so a process that starts cannot tell from the stored time whether the lease of a dead process has expired.
 * It watches for a whole lease (37 s), then waits for the bound (38 s); the steps of the sweeper add up to 30 s.
 */
const WATCHED_MS = 105_000;
const FINAL_REPLIES_MS = 30_000;
/** A create that never succeeds is sent five times, and two fit in the deadline of one request. */
const MAX_FINAL_ROUNDS = 5;
/** Added to the index of a request each time that it is repeated at the end. */
const FINAL = 1_000_000;

export interface ScenarioRun {
  readonly history: History;
  /** The number of faults and events of each kind. */
  readonly faults: ReadonlyMap<string, number>;
}

/** Runs a scenario in virtual time. */
export async function runScenario(scenario: Scenario, faults: PlantedFaults = {}): Promise<ScenarioRun> {
  const world = await World.create(scenario, faults);
  const restore = virtualTimeouts(world.scheduler);
  const { start } = scenario;
  const callers = new Callers(world, faults);
  try {
    for (const one of scenario.requests) world.scheduler.after(one.at, () => void callers.send(one));
    world.scheduler.after(RECOVERY_MS, () => world.heal());
    await world.scheduler.runUntil(start + reconciledAt(scenario));
    const unreconciled = await countOpen(world, ["unknown", "sending"]);
    const { failingSlot, createdStatus } = scenario.practice;
    const neverBooks = failingSlot !== undefined || createdStatus !== "booked";
    const rounds = neverBooks ? MAX_FINAL_ROUNDS : 1;
    for (let round = 1; round <= rounds; round += 1) {
      if (!callers.repeatUnknown(scenario.requests, round) && round > 1) break;
      await world.scheduler.runUntil(world.scheduler.now() + FINAL_REPLIES_MS + RECONCILED_MS);
    }
    const open = await countOpen(world, ["unknown", "sending", "done", "refused"]);
    if (faults.tamper) await world.store.tamper(faults.tamper);
    const audit = await world.store.readAudit();
    const doubled = doubledIn(world);
    const history = {
      deaths: world.deaths,
      areClocksRight: !scenario.events.some(({ kind }) => kind === "clock"),
      practice: scenario.practice,
      requests: callers.history(),
      attempts: faults.attempts?.(world.network.attempts) ?? world.network.attempts,
      appointments: world.practice.events,
      registrations: world.practice.registrations,
      audit: audit.records.flatMap((auditRecord) => faults.audit?.(auditRecord) ?? [auditRecord]),
      auditFaults: audit.faults,
      doubled: faults.doubled?.(doubled) ?? doubled,
      openAuditRecords: await world.store.countOpenRecords(),
      unreconciled,
      open,
    };
    return {
      history,
      faults: new Map([...world.network.faults, ...world.store.faults, ...world.eventCounts]),
    };
  } finally {
    restore();
    await world.close();
  }
}

/** When every outcome must be known: later only where a process started near the end. */
function reconciledAt({ events }: Scenario): number {
  const starts = events.flatMap((event) => (event.kind === "kill" ? event.at + event.downMs : []));
  return Math.max(RECOVERY_MS + RECONCILED_MS, ...starts.map((at) => at + WATCHED_MS));
}

/** An appointment in the version that a caller saw. */
interface SeenAppointment {
  readonly patient: number;
  readonly about: NonNullable<CallerRequest["about"]>;
}

/** The callers of a scenario, with the replies so far. */
class Callers {
  readonly requests: CallerRequest[] = [];
  readonly #seen = new Map<number, SeenAppointment>();

  constructor(
    private readonly world: World,
    private readonly faults: PlantedFaults,
  ) {}

  async send(plan: PlannedRequest): Promise<void> {
    const { world } = this;
    const { index, instance, patienceMs, organisation, kind } = plan;
    const isChange = kind === "cancel" || kind === "amend";
    const process = world.process(instance);
    const caller = CALLERS[organisation];
    if (process === undefined || caller === undefined) return;
    const seen = isChange ? this.#seenBy(plan) : undefined;
    if (isChange && seen === undefined) return;
    if (seen) this.#seen.set(index, seen);
    const { about, patient = plan.patient } = seen ?? {};
    const key = plan.key ?? this.#handleOf(plan.repeats);

    const correlationId = `ask-${index}`;
    const patience = new AbortController();
    world.scheduler.after(patienceMs, () => patience.abort());
    const context = process.contextFor(caller, correlationId, patience.signal);
    const requestedAt = world.scheduler.now();
    const slots = plan.slots.flatMap((slot) => world.practice.slots[slot] ?? []);
    const reply = await process.run<Reply>(
      async () => {
        const end = await sendCommand({ ...plan, patient }, { key, slots, about, context });
        return (await process.confirmAudit(context)) ? end : { kind: "nothing" };
      },
      () => ({ kind: "nothing" }),
    );
    this.requests.push({
      index,
      correlationId,
      kind,
      organisation: caller.organisation.odsCode,
      key: key ?? (reply.kind === "unknown" ? reply.handle : undefined),
      patient,
      patientId: patientIdOf(nhsNumberOf(patient)),
      slotIds: plan.slots.map((slot) => `slot-${slot}`),
      description: plan.text,
      comment: plan.comment,
      about,
      isFinal: false,
      requestedAt,
      repliedAt: world.scheduler.now(),
      reply: this.faults.falsify?.(reply, index) ?? reply,
    });
  }

  /** The requests so far. The last repetition of a request after recovery is final. */
  history(): CallerRequest[] {
    const last = new Map(this.requests.map(({ index }) => [index % FINAL, index]));
    return this.requests.map((request) => ({
      ...request,
      isFinal: request.index >= FINAL && last.get(request.index % FINAL) === request.index,
    }));
  }

  /**
   * After recovery, repeats the first request of each key or handle that got "unknown". A registration has neither: one for
   * each patient, because a second one at the same moment may truly be told that the outcome is not known yet.
   *
   * @returns whether there was one.
   */
  repeatUnknown(plans: readonly PlannedRequest[], round: number): boolean {
    const seen = new Set<string>();
    for (const { index, reply, kind, organisation, patientId } of [...this.requests]) {
      const plan = plans.find((one) => one.index === index % FINAL);
      const handle = reply.kind === "unknown" ? reply.handle : undefined;
      const name =
        kind === "register" ? `register ${patientId}` : `${kind} ${organisation} ${handle ?? index}`;
      if (plan === undefined || reply.kind !== "unknown" || seen.has(name)) continue;
      // In later rounds only what is still unknown.
      if (round > 1 && Math.floor(index / FINAL) !== round - 1) continue;
      seen.add(name);
      const repeated = {
        ...plan,
        key: reply.handle,
        index: (index % FINAL) + round * FINAL,
        repeats: index,
        patienceMs: 60_000,
      };
      void this.send(repeated);
    }
    return seen.size > 0;
  }

  /** The appointment to change, as the caller saw it; undefined if no reply had an appointment. */
  #seenBy({ index, repeats, of, stale }: PlannedRequest): SeenAppointment | undefined {
    if (repeats !== undefined) return this.#seen.get(repeats);
    const booked = this.requests.flatMap(({ reply, ...request }) =>
      reply.kind === "booked" ? { ...request, reply } : [],
    );
    const one = booked.findLast((one) => one.index === of) ?? booked[index % booked.length];
    if (one === undefined) return undefined;
    const { appointmentId, version } = one.reply;
    const reply = this.requests.flatMap((request) =>
      (request.reply.kind === "booked" || request.reply.kind === "amended") &&
      request.reply.appointmentId === appointmentId
        ? request.reply.version
        : [],
    );
    return {
      patient: one.patient,
      about: { appointmentId, version: stale ? version : (reply.at(-1) ?? version) },
    };
  }

  #handleOf(index: number | undefined): string | undefined {
    const reply = this.requests.findLast((one) => one.index === index && one.reply.kind !== "nothing")?.reply;
    return reply?.kind === "unknown" ? reply.handle : undefined;
  }
}

/** For whom a list of appointments shows two of one organisation in one slot. */
function doubledIn({ practice, scheduler }: World): ReadonlySet<string> {
  const from = toLondonDate(scheduler.now());
  const patients = new Set(practice.events.map(({ patientId }) => patientId));
  return new Set(
    [...patients].flatMap((patientId) => {
      const appointments = practice.list(patientId, from, from).value?.appointments ?? [];
      return CALLERS.flatMap(({ organisation: { odsCode } }) =>
        hasDoubleBooking(appointments, odsCode) ? `${patientId} ${odsCode}` : [],
      );
    }),
  );
}

async function countOpen(world: World, states: readonly string[]): Promise<number> {
  const process = world.process(0);
  if (process === undefined) return Number.NaN;
  const loading = process.commands.store.open();
  let count = Number.NaN;
  void loading.then((open) => {
    count = open.filter(({ intent }) => states.includes(intent.state.name)).length;
  });
  await world.scheduler.runUntil(world.scheduler.now() + 50);
  return count;
}
