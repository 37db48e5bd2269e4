import { checkHistory } from "./checker/check-history.js";
import type { Violation } from "./checker/violation.js";
import type { History } from "./history.js";
import { liveStory } from "./live-story.js";
import type { StoryPlan } from "./plan.js";
import type { Sabotage } from "./world/world.js";

export interface ShortStory {
  readonly plan: StoryPlan;
  readonly history: History;
  readonly violations: readonly Violation[];
}

/** So often a story is lived through again to make it shorter. */
const MOST_TRIES = 200;

/** Leaves out of a story that breaks a promise what it does not take to break one: first halves, at last single parts. */
export async function shortest(whole: StoryPlan, sabotage: Sabotage = {}): Promise<ShortStory> {
  let best = await live(whole, sabotage);
  const rule = best.violations[0]?.rule;
  let tries = 0;
  const tryWith = async (plan: StoryPlan): Promise<boolean> => {
    if (++tries > MOST_TRIES) return false;
    const story = await live(plan, sabotage);
    if (!story.violations.some((one) => one.rule === rule)) return false;
    best = story;
    return true;
  };
  for (const part of ["asks", "events"] as const) {
    for (let size = Math.ceil(best.plan[part].length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < best.plan[part].length; ) {
        const left = best.plan[part].filter((_, index) => index < from || index >= from + size);
        if (!(await tryWith({ ...best.plan, [part]: left }))) from += size;
      }
    }
  }
  return best;
}

async function live(plan: StoryPlan, sabotage: Sabotage): Promise<ShortStory> {
  const { history } = await liveStory(plan, sabotage);
  return { plan, history, violations: checkHistory(history).violations };
}

/** The story in lines that a person can follow, with the seed by which it can be lived through again. */
export function tell({ plan, history, violations }: ShortStory): string {
  const since = (at: number) => `${String(at - plan.start).padStart(7)} ms`;
  const lines = [
    ...plan.events.map((event) => ({ at: plan.start + event.at, text: JSON.stringify(event) })),
    ...history.asks.map(
      ({ askedAt: at, correlationId, kind, key, slotIds, patientId, about, description }) => ({
        at,
        text: `${correlationId} asks to ${kind} ${about ? `${about.appointmentId} version ${about.version}` : slotIds.join("+")} for ${patientId} under ${key ?? "no key"}, "${description}"`,
      }),
    ),
    ...history.attempts.map(({ sentAt: at, correlationId, operation, fault }) => ({
      at,
      text: `${correlationId} sends ${operation}: ${fault}`,
    })),
    ...history.registrations
      .filter(({ traceId }) => traceId !== undefined)
      .map(({ at, patientId }) => ({ at, text: `the practice has ${patientId} registered` })),
    ...history.book.map(({ at, kind, appointmentId, slotIds, version, description }) => ({
      at,
      text: `the practice has ${appointmentId} ${kind}, ${slotIds.join("+")}, "${description}", version ${version}`,
    })),
    ...history.asks.map(({ toldAt: at, correlationId, told }) => ({
      at,
      text: `${correlationId} is told ${JSON.stringify(told)}`,
    })),
  ].sort((one, other) => one.at - other.at);
  return [
    `seed ${plan.seed}, ${plan.store}, ${plan.instances} processes, roughness ${plan.roughness}`,
    ...violations.slice(0, 5).map(({ rule, what, asks }) => `BROKEN: ${rule}: ${what} [${asks.join(", ")}]`),
    ...lines.slice(0, 200).map(({ at, text }) => `${since(at)}  ${text}`),
  ].join("\n");
}
