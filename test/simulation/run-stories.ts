import { checkHistory } from "./checker/check-history.js";
import { liveStory } from "./live-story.js";
import { planStory, type StoryPlan } from "./plan.js";
import { shortest, tell } from "./shortest.js";

/** Asks in one story: many enough to get in each other's way, few enough to be read. */
const IN_ONE_STORY = 100;

export interface StoriesReport {
  /** Stories that broke a promise, cut short, each with its seed. */
  readonly failures: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly summary: string;
}

export interface StoriesOptions {
  readonly seed: string;
  readonly bookings: number;
  /** Instead of the stories' own. */
  readonly store?: StoryPlan["store"];
  readonly untilMs?: number;
  /** The run ends with so many broken stories; with the first when left out. */
  readonly mostFailures?: number;
  /** Told after each story how many bookings have been asked for. */
  readonly progress?: (asked: number) => void;
}

/** Lives through stories until so many bookings were asked for, or promises are broken. */
export async function runStories(options: StoriesOptions): Promise<StoriesReport> {
  const { seed, bookings, mostFailures = 1, untilMs = Number.POSITIVE_INFINITY } = options;
  const counts = new Counts();
  const began = performance.now();
  const failures: string[] = [];
  let asked = 0;
  for (let story = 0; asked < bookings && failures.length < mostFailures; story += 1) {
    if (performance.now() - began > untilMs) break;
    const plan = planStory(`${seed}-${story}`, IN_ONE_STORY, options.store);
    asked += await countStory(plan, counts, failures);
    options.progress?.(asked);
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  return { failures, counts, summary: [`seed ${seed}, ${seconds} s`, ...counts.lines()].join("\n") };
}

/** @returns how many bookings the story asked for. */
async function countStory(plan: StoryPlan, counts: Counts, failures: string[]): Promise<number> {
  const { history, faults } = await liveStory(plan);
  const { violations, leftOpen } = checkHistory(history);
  for (const { kind, told } of history.asks) {
    counts.add(`asked to ${kind}`);
    counts.add(`told, who asked to ${kind}: ${told.kind}${"why" in told ? `, ${told.why}` : ""}`);
  }
  for (const [fault, count] of faults) counts.add(`fault: ${fault}`, count);
  counts.add("stories");
  counts.add(`store: ${plan.store}`);
  counts.add("calls", history.attempts.length);
  counts.add("audit records", history.audit.length);
  for (const { kind, traceId } of history.book) counts.add(`${kind} by ${traceId ? "us" : "the practice"}`);
  counts.add("registered by us", history.registrations.filter(({ traceId }) => traceId).length);
  for (const [name, count] of Object.entries(leftOpen)) counts.add(`left open: ${name}`, count);
  counts.add("broken stories", violations.length > 0 ? 1 : 0);
  if (violations.length > 0) failures.push(tell(await shortest(plan)));
  return history.asks.filter(({ kind }) => kind === "book").length;
}

class Counts extends Map<string, number> {
  add(name: string, count = 1): void {
    this.set(name, (this.get(name) ?? 0) + count);
  }

  lines(): string[] {
    return [...this].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, n]) => `${name}: ${n}`);
  }
}
