import type { AskRecord, History, Told } from "./history.js";
import { virtualTimeouts } from "./kit/scheduler.js";
import { type AskPlan, RETURN_MS, type StoryPlan } from "./plan.js";
import { askToBook, askToCancel, CALLERS, nhsNumberOf } from "./world/callers.js";
import { patientIdOf } from "./world/clients.js";
import { type Sabotage, World } from "./world/world.js";

/** How soon after the practice's return the end of every command must be known. */
const SETTLED_MS = 60_000;
const LAST_ANSWERS_MS = 30_000;

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
  const asks: AskRecord[] = [];
  try {
    for (const ask of plan.asks) {
      world.scheduler.after(ask.at, () => void makeAsk(ask, asks, world, sabotage));
    }
    world.scheduler.after(RETURN_MS, () => world.heal());
    await world.scheduler.runUntil(start + RETURN_MS + SETTLED_MS);
    const unsettled = await countOpen(world, ["unknown", "sending"]);
    askAfterTheUnknown(plan, asks, world, sabotage);
    await world.scheduler.runUntil(start + RETURN_MS + SETTLED_MS + LAST_ANSWERS_MS + SETTLED_MS);
    const open = await countOpen(world, ["unknown", "sending", "done", "refused"]);
    const history = {
      asks,
      attempts: world.network.attempts,
      book: world.book.lines,
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

async function makeAsk(plan: AskPlan, asks: AskRecord[], world: World, sabotage: Sabotage): Promise<void> {
  const { index, instance, patienceMs, organisation } = plan;
  const process = world.process(instance);
  const caller = CALLERS[organisation];
  if (process === undefined || caller === undefined) return;
  const correlationId = `ask-${index}`;
  const earlier = asks.findLast((one) => one.index === plan.of && one.told.kind !== "nothing");
  const booked = plan.kind === "cancel" ? earlier?.told : undefined;
  if (plan.kind === "cancel" && booked?.kind !== "booked") return;
  const handle = earlier?.told.kind === "unknown" ? earlier.told.handle : undefined;
  const key = plan.kind === "cancel" ? `cancel-${plan.of}` : (plan.key ?? handle);

  const patience = new AbortController();
  world.scheduler.after(patienceMs, () => patience.abort());
  const context = process.contextFor(caller, correlationId, patience.signal);
  const askedAt = world.scheduler.now();
  const slots = plan.slots.flatMap((slot) => world.book.slots[slot] ?? []);
  const told = await process.run<Told>(
    () =>
      booked?.kind === "booked"
        ? askToCancel(booked, plan, key ?? "", context)
        : askToBook(plan, key, slots, context),
    () => ({ kind: "nothing" }),
  );
  asks.push({
    index,
    correlationId,
    kind: plan.kind === "cancel" ? "cancel" : "book",
    organisation: caller.organisation.odsCode,
    key: key ?? (told.kind === "unknown" ? told.handle : undefined),
    patientId: patientIdOf(nhsNumberOf(plan)),
    slotIds: plan.slots.map((slot) => `slot-${slot}`),
    askedAt,
    toldAt: world.scheduler.now(),
    told: sabotage.tell?.(told, index) ?? told,
  });
}

/** Whoever was told "unknown" asks once more, under the key or handle, with everybody back. */
function askAfterTheUnknown(
  { asks: plans }: StoryPlan,
  asks: AskRecord[],
  world: World,
  sabotage: Sabotage,
): void {
  for (const { index, told, kind } of [...asks]) {
    const plan = plans.find((one) => one.index === index);
    if (plan === undefined || kind !== "book" || told.kind !== "unknown") continue;
    const last = { ...plan, kind: "again", key: told.handle, index: index + 1_000_000, of: index } as const;
    void makeAsk({ ...last, patienceMs: 60_000 }, asks, world, sabotage);
  }
}

async function countOpen(world: World, states: readonly string[]): Promise<number> {
  const process = world.process(0);
  if (process === undefined) return Number.NaN;
  const asked = process.desk.intents.open();
  let count = Number.NaN;
  void asked.then((open) => {
    count = open.filter(({ intent }) => states.includes(intent.state.name)).length;
  });
  await world.scheduler.runUntil(world.scheduler.now() + 50);
  return count;
}
