import { minimise } from "./minimise.js";
import { type Answer, mutate } from "./mutate.js";
import { Broken, checkError, checkPrototypes } from "./properties.js";
import { Random, seedOf } from "./random.js";
import type { Question, Target } from "./target.js";

export interface FuzzOptions {
  readonly seed: number;
  /** Index of the first document; the others follow it. */
  readonly from: number;
  readonly documents: number;
}

/** What a run came to. */
export interface FuzzReport {
  readonly documents: number;
  /** Documents that made a result, and those that made an error of ours. */
  readonly accepted: number;
  readonly refused: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly byReason: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

/** Of the processor's time, for one document: a machine that has other work to do must not look like a hang. */
const MOST_MS = 1_000;
const MOST_FAILURES = 5;
/** So many documents answer another question than the one that was asked. */
const MISPLACED = 0.05;
const REFUSED = 0.15;

/** Feeds a service's readers with wrong documents and says which promise was broken by which. */
export async function fuzz(target: Target, { seed, from, documents }: FuzzOptions): Promise<FuzzReport> {
  const everySeed = target.questions.flatMap(({ seeds }) => seeds);
  const byReason = new Map<string, number>();
  const failures = new Map<string, string>();
  const totals = { accepted: 0, refused: 0, bytes: 0, slowestMs: 0 };
  const begunAt = performance.now();
  for (let index = from; index < from + documents && failures.size < MOST_FAILURES; index++) {
    const random = new Random(seedOf(seed, target.name, index));
    const question = random.pick(target.questions);
    const answer = mutate(random.pick(seedsFor(question, everySeed, random)), random);
    totals.bytes += answer.body.length;
    const startedAt = performance.now();
    const { broken, reason } = await tryOne(question, answer);
    totals.slowestMs = Math.max(totals.slowestMs, performance.now() - startedAt);
    if (reason === undefined) totals.accepted += 1;
    else totals.refused += 1;
    const key = `${question.name} ${reason ?? "accepted"}`;
    byReason.set(key, (byReason.get(key) ?? 0) + 1);
    if (broken === undefined) continue;
    const kind = `${question.name}: ${broken.replaceAll(/\d+/g, "N").slice(0, 80)}`;
    if (!failures.has(kind)) failures.set(kind, await tell(target, seed, index, question, answer, broken));
  }
  return {
    ...totals,
    documents,
    byReason,
    failures: [...failures.values()],
    seconds: (performance.now() - begunAt) / 1000,
  };
}

function seedsFor(
  { seeds, refusals }: Question,
  everySeed: readonly Answer[],
  random: Random,
): readonly Answer[] {
  if (random.isLucky(MISPLACED)) return everySeed;
  // Published refusals are there only beside the published samples.
  return refusals?.length && random.isLucky(REFUSED) ? refusals : seeds;
}

/** @returns which promise the document breaks, if any, and why it was refused, if it was. */
async function tryOne(question: Question, answer: Answer): Promise<{ broken?: string; reason?: string }> {
  const before = process.cpuUsage();
  try {
    const judged = await judge(question, answer);
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / 1000;
    return took > MOST_MS ? { ...judged, broken: `took ${Math.round(took)} ms` } : judged;
  } catch (error) {
    return { broken: error instanceof Broken ? error.message : String(error), reason: "BROKEN" };
  }
}

async function judge(question: Question, answer: Answer): Promise<{ reason?: string }> {
  let result: unknown;
  try {
    result = await question.ask(answer);
  } catch (error) {
    checkError(error);
    checkPrototypes(undefined);
    const { code, reason } = error as { code: string; reason?: string };
    return { reason: `${code}${reason ? ` ${reason}` : ""}` };
  }
  checkPrototypes(result);
  const checked = question.schema.safeParse(result);
  if (checked.success) return {};
  const [issue] = checked.error.issues;
  throw new Broken(`the result's ${issue?.path.join(".")}: ${issue?.message}`);
}

/** What somebody needs who wants to see it again. */
async function tell(
  target: Target,
  seed: number,
  index: number,
  question: Question,
  answer: Answer,
  broken: string,
): Promise<string> {
  const isSame = async (body: string) => {
    const again = await tryOne(question, { ...answer, body });
    return again.broken?.slice(0, 20) === broken.slice(0, 20);
  };
  const least = await minimise(answer.body, isSame);
  return [
    `${target.name} ${question.name}: ${broken}`,
    `  again: FUZZ_SEED=${seed} FUZZ_FROM=${index} FUZZ_DOCUMENTS=1 npx jest test/fuzz -t ${target.name}`,
    `  status ${answer.status}, headers ${JSON.stringify(answer.headers).slice(0, 300)}`,
    `  least document (${least.length} of ${answer.body.length} characters): ${least.slice(0, 1_500)}`,
  ].join("\n");
}
