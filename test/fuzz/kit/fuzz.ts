import fc from "fast-check";
import { minimise } from "./minimise.js";
import { mutate, type StubResponse } from "./mutate.js";
import { Broken, checkError, checkPrototypes } from "./properties.js";
import { Random } from "./random.js";
import type { Operation, Target } from "./target.js";

export interface FuzzOptions {
  readonly seed: number;
  /** Index of one document, as printed with a failure: only that document is tried, and shrunk. */
  readonly path?: string | undefined;
  readonly documents: number;
}

/** The result of a run. */
export interface FuzzReport {
  readonly documents: number;
  /** Documents that made a result, and those that made an error. */
  readonly accepted: number;
  readonly refused: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly byReason: ReadonlyMap<string, number>;
  /** The broken promise with its smallest document and how to reproduce it; undefined when every promise held. */
  readonly failure: string | undefined;
}

/** Processor time for one document. Not wall time, so that other work on the machine does not look like a hang. */
const MOST_MS = 1_000;
/** Share of documents that belong to another operation than the one that was called. */
const MISPLACED = 0.05;
/** Share of documents that are made from a refusal. */
const REFUSED = 0.15;

interface Attempt {
  readonly operation: Operation;
  readonly response: StubResponse;
  readonly broken: string;
}

/** Feeds a service's readers with malformed documents and reports the first broken promise. */
export async function fuzz(target: Target, { seed, path, documents }: FuzzOptions): Promise<FuzzReport> {
  const everySeed = target.operations.flatMap(({ seeds }) => seeds);
  const byReason = new Map<string, number>();
  const totals = { documents: 0, accepted: 0, refused: 0, bytes: 0, slowestMs: 0 };
  let last: Attempt | undefined;
  const begunAt = performance.now();
  const property = fc.asyncProperty(fc.gen(), async (generate) => {
    const random = new Random(generate);
    const operation = random.pick(target.operations);
    const response = mutate(random.pick(seedsFor(operation, everySeed, random)), random);
    const startedAt = performance.now();
    const { broken, reason } = await tryOne(operation, response);
    totals.documents += 1;
    totals.bytes += response.body.length;
    totals.slowestMs = Math.max(totals.slowestMs, performance.now() - startedAt);
    if (reason === undefined) totals.accepted += 1;
    else totals.refused += 1;
    const key = `${operation.name} ${reason ?? "accepted"}`;
    byReason.set(key, (byReason.get(key) ?? 0) + 1);
    if (broken === undefined) return;
    last = { operation, response, broken };
    throw new Broken(broken);
  });
  // Unbiased: the shares above hold for every document of a run.
  const result = await fc.check(property, {
    seed,
    numRuns: documents,
    unbiased: true,
    ...(path && { path }),
  });
  // Only the first part of a path can be replayed for `fc.gen()`: the index of the document. It is then shrunk again.
  const [index] = result.counterexamplePath?.split(":") ?? [];
  const again = `FUZZ_SEED=${seed} FUZZ_PATH=${index} npx jest test/fuzz -t ${target.name}`;
  return {
    ...totals,
    byReason,
    failure: result.failed && last ? await describeFailure(target, again, last) : undefined,
    seconds: (performance.now() - begunAt) / 1000,
  };
}

function seedsFor(
  { seeds, refusals }: Operation,
  everySeed: readonly StubResponse[],
  random: Random,
): readonly StubResponse[] {
  if (random.isLucky(MISPLACED)) return everySeed;
  // Published refusals are available only beside the published samples.
  return refusals?.length && random.isLucky(REFUSED) ? refusals : seeds;
}

/** @returns the promise that the document breaks, if any, and why it was refused, if it was. */
async function tryOne(
  operation: Operation,
  response: StubResponse,
): Promise<{ broken?: string; reason?: string }> {
  const before = process.cpuUsage();
  try {
    const checked = await check(operation, response);
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / 1000;
    return took > MOST_MS ? { ...checked, broken: `took ${Math.round(took)} ms` } : checked;
  } catch (error) {
    return { broken: error instanceof Broken ? error.message : String(error), reason: "BROKEN" };
  }
}

async function check(operation: Operation, response: StubResponse): Promise<{ reason?: string }> {
  let result: unknown;
  try {
    result = await operation.call(response);
  } catch (error) {
    checkError(error);
    checkPrototypes(undefined);
    const { code, reason } = error as { code: string; reason?: string };
    return { reason: `${code}${reason ? ` ${reason}` : ""}` };
  }
  checkPrototypes(result);
  const checked = operation.schema.safeParse(result);
  if (checked.success) return {};
  const [issue] = checked.error.issues;
  throw new Broken(`the result's ${issue?.path.join(".")}: ${issue?.message}`);
}

async function describeFailure(
  target: Target,
  again: string,
  { operation, response, broken }: Attempt,
): Promise<string> {
  const isSame = async (body: string) => {
    const other = await tryOne(operation, { ...response, body });
    return other.broken?.slice(0, 20) === broken.slice(0, 20);
  };
  const least = await minimise(response.body, isSame);
  return [
    `${target.name} ${operation.name}: ${broken}`,
    `  again: ${again}`,
    `  status ${response.status}, headers ${JSON.stringify(response.headers).slice(0, 300)}`,
    `  smallest document (${least.length} of ${response.body.length} characters): ${least.slice(0, 1_500)}`,
  ].join("\n");
}
