import { join } from "node:path";
import { describeFailures, type LoadPlan, type LoadRequest, type LoadResult } from "../compare/load.js";
import { type Child, startChild } from "../kit/child.js";
import { numberIn } from "../kit/flags.js";
import { load } from "../kit/machine.js";
import { type Report, table } from "../kit/report.js";
import { operation, outputFolder } from "../kit/repository.js";
import { cpuSecondsOf } from "../kit/server-process.js";
import { nhsNumbers, practiceCode } from "../upstreams/people.js";
import { type Replicas, startReplicas, startSingle } from "./replicas.js";

/** England: appointments of a working day, and the share of them in the busiest hour. */
const APPOINTMENTS = 1_400_000;
const PEAK_HOUR_SHARE = 0.106;
/** Operations that differ. Three of four are for a practice of their own, so that there are most of the 6,250 practices. */
const OPERATIONS = 6_250;

/** The morning in short: a quiet while, and then ten times as much from one moment to the next. */
const QUIET_SECONDS = 10;
const PEAK_SECONDS = 20;
const STEP = 10;
const PEAK_PER_SECOND = 60;
const CONNECTIONS = 64;
/** The server closes a connection that sends nothing for 5 s, so few operations need few connections. */
const QUIET_CONNECTIONS = 8;
/** Rates per second for which the processors are calculated, and the share of a processor that is planned. */
const RATES = [2_000, 4_000] as const;
const PLANNED_SHARE = 0.5;

const SLOTS =
  "query Slots($odsCode: ID!) { practice(odsCode: $odsCode) { odsCode freeSlots(first: 5) { id start type deliveryChannel } } }";

interface Phase {
  readonly name: string;
  readonly result: LoadResult;
  readonly calls: number;
  readonly cpuMs: number;
}

/**
 * Queries for most practices of England, and a step of ten times.
 *
 * @param words `--rate=60`, operations a second after the step; `--minutes=10`, how long that rate is held;
 *   `--replicas=2`, so many processes behind a proxy, with PostgreSQL and Redis.
 */
export async function benchNationalDay(_runs?: number, words: readonly string[] = []): Promise<Report> {
  const loadBefore = load();
  const rate = numberIn(words, "--rate=") ?? PEAK_PER_SECOND;
  const minutes = numberIn(words, "--minutes=");
  const count = numberIn(words, "--replicas=");
  const standIn = startChild(join(__dirname, "../compare/stand-in-process.js"));
  const generator = startChild(join(__dirname, "../compare/load-process.js"));
  let server: Replicas | undefined;
  try {
    const { pds, sds, ssp } = await standIn.call<{ pds: string; sds: string; ssp: string }>("urls");
    await standIn.call("setSlots", 56);
    const audit = { AUDIT_FILE: join(outputFolder(), "audit.ndjson") };
    const environment = { PDS_URL: pds, SDS_URL: sds, SSP_URL: ssp, ...audit };
    server = await (count === undefined ? startSingle(environment) : startReplicas(count, environment));
    const requests = createRequests();
    const phases: Phase[] = [];
    let next = 0;
    type Rate = Pick<LoadPlan, "seconds" | "perSecond" | "maxRequests">;
    const run = async (name: string, plan: Rate, connections = CONNECTIONS) => {
      const phase = await runPhase({ standIn, generator, server: server as Replicas }, name, {
        ...plan,
        connections,
        requests,
        firstRequest: next,
      });
      next += phase.result.responses;
      phases.push(phase);
    };
    await run("every operation once, as fast as it goes", { seconds: 120, maxRequests: OPERATIONS });
    await run("quiet", { seconds: QUIET_SECONDS, perSecond: rate / STEP }, QUIET_CONNECTIONS);
    const seconds = minutes === undefined ? PEAK_SECONDS : minutes * 60;
    await run("after the step", { seconds, perSecond: rate });
    return toReport(phases, { loadBefore, rate, count });
  } finally {
    await Promise.all([standIn.stop(), generator.stop(), server?.close()]);
  }
}

/** Three of four look for the slots of a practice; the fourth is the card of a patient in a new session. */
function createRequests(): LoadRequest[] {
  const patients = nhsNumbers(OPERATIONS);
  const card = operation("03-card");
  return Array.from({ length: OPERATIONS }, (_, index) =>
    index % 4 === 3
      ? {
          body: JSON.stringify({ query: card, variables: { nhsNumber: patients[index] } }),
          session: `day-${index}`,
        }
      : { body: JSON.stringify({ query: SLOTS, variables: { odsCode: practiceCode(index) } }) },
  );
}

async function runPhase(
  { standIn, generator, server }: { standIn: Child; generator: Child; server: Replicas },
  name: string,
  plan: Omit<LoadPlan, "port" | "path">,
): Promise<Phase> {
  await standIn.call("takeCalls");
  const used = () => server.processes.reduce((sum, process) => sum + cpuSecondsOf(process), 0);
  const before = used();
  const whole: LoadPlan = { ...plan, port: server.port, path: "/graphql" };
  const result = await generator.call<LoadResult>("sendLoad", whole);
  const cpuMs = ((used() - before) * 1000) / result.responses;
  return { name, result, cpuMs, calls: (await standIn.call<number>("takeCalls")) / result.responses };
}

interface Setting {
  readonly loadBefore: string;
  readonly rate: number;
  readonly count: number | undefined;
}

function toReport(phases: readonly Phase[], { loadBefore, rate, count }: Setting): Report {
  const rows = phases.map(({ name, result, calls, cpuMs }) => [
    name,
    (result.responses / result.seconds).toFixed(0),
    result.failures === 0 ? "0" : describeFailures(result),
    calls.toFixed(2),
    cpuMs.toFixed(2),
    result.ms.p50.toFixed(0),
    result.ms.p99.toFixed(0),
  ]);
  const cpuMs = phases.at(-1)?.cpuMs ?? Number.NaN;
  const sizes = RATES.map((rate) => {
    const processors = (rate * cpuMs) / 1000;
    return [String(rate), processors.toFixed(1), String(Math.ceil(processors / PLANNED_SHARE))];
  });
  const peak = (APPOINTMENTS * PEAK_HOUR_SHARE) / 3_600;
  return {
    name: "national-day",
    title: "The morning of England, in short",
    loadBefore,
    method: [
      `${count === undefined ? "One process with its store in memory" : `Processes behind a proxy, with PostgreSQL and Redis: ${count}`}. ${OPERATIONS} operations: of four, three search the slots of a practice of their own and one is the card of a patient in a new session. Open loop: operations are due at even intervals, whether or not earlier ones have ended. The rate rises to ${STEP} times, ${rate} operations a second, from one moment to the next.`,
      `England books ${APPOINTMENTS} appointments on a working day, ${(PEAK_HOUR_SHARE * 100).toFixed(1)} % of them in the busiest hour: ${peak.toFixed(0)} a second.`,
    ],
    results: [
      table(
        ["Phase", "operations / s", "failed", "calls / operation", "CPU ms / operation", "p50 ms", "p99 ms"],
        rows,
      ),
      table(["Operations / s", "processors in use", `processes at ${PLANNED_SHARE * 100} %`], sizes),
    ],
    targets: [],
  };
}
