import type { AskRecord, History, Told } from "./history.js";
import { virtualTimeouts } from "./kit/scheduler.js";
import { type AskPlan, RETURN_MS, type StoryPlan } from "./plan.js";
import { ask } from "./world/asks.js";
import { CALLERS, nhsNumberOf } from "./world/callers.js";
import { patientIdOf } from "./world/clients.js";
import { type Sabotage, World } from "./world/world.js";

/** How soon after the practice's return the end of every command must be known. */
const SETTLED_MS = 60_000;
const LAST_ANSWERS_MS = 30_000;
/** What is added to the number of an ask that is made once more at the end. */
const LAST = 1_000_000;

export interface LivedStory {
  readonly history: History;
  /** How often each kind of fault and event struck. */
  readonly faults: ReadonlyMap<string, number>;
}

/** Lives a story through, from its plan to its end, in virtual time. */
export async function liveStory(plan: StoryPlan, sabotage: Sabotage = {}): Promise<LivedStory> {
  const world = new World(plan, sabotage);
  const restore = virtualTimeouts(world.scheduler);
  const { start } = plan;
  const callers = new Callers(world, sabotage);
  try {
    for (const one of plan.asks) world.scheduler.after(one.at, () => void callers.ask(one));
    world.scheduler.after(RETURN_MS, () => world.heal());
    await world.scheduler.runUntil(start + RETURN_MS + SETTLED_MS);
    const unsettled = await countOpen(world, ["unknown", "sending"]);
    callers.askAfterTheUnknown(plan.asks);
    await world.scheduler.runUntil(start + RETURN_MS + SETTLED_MS + LAST_ANSWERS_MS + SETTLED_MS);
    const open = await countOpen(world, ["unknown", "sending", "done", "refused"]);
    const history = {
      asks: callers.asks,
      attempts: world.network.attempts,
      book: world.book.lines,
      registrations: world.book.registrations,
      audit: world.audit,
      unsettled,
      open,
    };
    return { history, faults: new Map([...world.network.faults, ...world.store.faults, ...world.happened]) };
  } finally {
    restore();
    await world.close();
  }
}

/** An appointment as a caller saw it. */
interface Seen {
  readonly patient: number;
  readonly about: NonNullable<AskRecord["about"]>;
}

/** The callers of a story, and what they have been told so far. */
class Callers {
  readonly asks: AskRecord[] = [];
  readonly #seen = new Map<number, Seen>();

  constructor(
    private readonly world: World,
    private readonly sabotage: Sabotage,
  ) {}

  async ask(plan: AskPlan, last = false): Promise<void> {
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
    const askedAt = world.scheduler.now();
    const slots = plan.slots.flatMap((slot) => world.book.slots[slot] ?? []);
    const told = await process.run<Told>(
      () => ask({ ...plan, patient }, { key, slots, about, context }),
      () => ({ kind: "nothing" }),
    );
    this.asks.push({
      index,
      correlationId,
      kind,
      organisation: caller.organisation.odsCode,
      key: key ?? (told.kind === "unknown" ? told.handle : undefined),
      patient,
      patientId: patientIdOf(nhsNumberOf(patient)),
      slotIds: plan.slots.map((slot) => `slot-${slot}`),
      description: plan.text,
      comment: plan.comment,
      about,
      last,
      askedAt,
      toldAt: world.scheduler.now(),
      told: this.sabotage.tell?.(told, index) ?? told,
    });
  }

  /** Whoever was told "unknown" asks once more, under the key or handle, with everybody back: of several, the first. */
  askAfterTheUnknown(plans: readonly AskPlan[]): void {
    const seen = new Set<string>();
    for (const { index, told, kind, organisation } of [...this.asks]) {
      const plan = plans.find((one) => one.index === index);
      const name = `${kind} ${organisation} ${told.kind === "unknown" ? (told.handle ?? index) : index}`;
      if (plan === undefined || told.kind !== "unknown" || seen.has(name)) continue;
      seen.add(name);
      const last = { ...plan, key: told.handle, index: index + LAST, repeats: index, patienceMs: 60_000 };
      void this.ask(last, true);
    }
  }

  /** The appointment to be changed, as the caller saw it; undefined where nobody has been told of any. */
  #seenBy({ index, repeats, of, stale }: AskPlan): Seen | undefined {
    if (repeats !== undefined) return this.#seen.get(repeats);
    const booked = this.asks.flatMap(({ told, ...ask }) => (told.kind === "booked" ? { ...ask, told } : []));
    const one = booked.findLast((ask) => ask.index === of) ?? booked[index % booked.length];
    if (one === undefined) return undefined;
    const { appointmentId, version } = one.told;
    const told = this.asks.flatMap((ask) =>
      (ask.told.kind === "booked" || ask.told.kind === "amended") && ask.told.appointmentId === appointmentId
        ? ask.told.version
        : [],
    );
    return {
      patient: one.patient,
      about: { appointmentId, version: stale ? version : (told.at(-1) ?? version) },
    };
  }

  #handleOf(index: number | undefined): string | undefined {
    const told = this.asks.findLast((one) => one.index === index && one.told.kind !== "nothing")?.told;
    return told?.kind === "unknown" ? told.handle : undefined;
  }
}

async function countOpen(world: World, states: readonly string[]): Promise<number> {
  const process = world.process(0);
  if (process === undefined) return Number.NaN;
  const asked = process.commands.store.open();
  let count = Number.NaN;
  void asked.then((open) => {
    count = open.filter(({ intent }) => states.includes(intent.state.name)).length;
  });
  await world.scheduler.runUntil(world.scheduler.now() + 50);
  return count;
}
