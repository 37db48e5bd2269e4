import { checkHistory } from "./checker/check-history.js";
import { liveStory } from "./live-story.js";
import { planStory, type StoryPlan } from "./plan.js";
import { shortest, tell } from "./shortest.js";

/** Asks in one story: many enough to get in each other's way, few enough to be read. */
const IN_ONE_STORY = 100;

export interface StoriesReport {
  /** The first story that broke a promise, cut short, with its seed. */
  readonly failure: string | undefined;
  readonly counts: ReadonlyMap<string, number>;
  readonly summary: string;
}

/** Lives through stories until so many bookings were asked for, or a promise is broken. */
export async function runStories(options: {
  readonly seed: string;
  readonly bookings: number;
  /** Instead of the stories' own. */
  readonly store?: StoryPlan["store"];
  readonly untilMs?: number;
}): Promise<StoriesReport> {
  const counts = new Map<string, number>();
  const add = (name: string, count = 1) => void counts.set(name, (counts.get(name) ?? 0) + count);
  const began = performance.now();
  let failure: string | undefined;
  let asked = 0;
  for (let story = 0; asked < options.bookings && failure === undefined; story += 1) {
    if (performance.now() - began > (options.untilMs ?? Number.POSITIVE_INFINITY)) break;
    const plan = planStory(`${options.seed}-${story}`, IN_ONE_STORY, options.store);
    const { history, faults } = await liveStory(plan);
    const { violations, givenUp, misattributed } = checkHistory(history);
    for (const { kind, told } of history.asks) {
      add(`${kind === "book" ? "asked to book" : "asked to cancel"}`);
      add(`told ${told.kind}${"why" in told ? `: ${told.why}` : ""}`);
    }
    asked += history.asks.filter(({ kind }) => kind === "book").length;
    for (const [fault, count] of faults) add(`fault: ${fault}`, count);
    add("stories");
    add(`store: ${plan.store}`);
    add("calls", history.attempts.length);
    add("audit records", history.audit.length);
    add("appointments made", history.book.filter(({ kind, traceId }) => kind === "booked" && traceId).length);
    add("given to another key", misattributed);
    add("given up within the bound", givenUp);
    if (violations.length > 0) failure = tell(await shortest(plan));
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const lines = [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, n]) => `${name}: ${n}`);
  return { failure, counts, summary: [`seed ${options.seed}, ${seconds} s`, ...lines].join("\n") };
}
