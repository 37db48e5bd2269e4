import { table } from "../kit/report.js";
import { type Summary, summarise } from "../kit/statistics.js";
import type { Target } from "../kit/target.js";
import { MERCURIUS, NAIVE, OURS } from "./contender.js";
import type { Effort, Measured, Round } from "./measure.js";
import { CARD_5, CARD_56, COLD_CARD, type Scenario, SESSION_PATIENT } from "./scenarios.js";

/** Ours against (b), at most. */
const MAX_RATIOS = new Map<Scenario, number>([
  [CARD_5, 1.1],
  [CARD_56, 1.1],
  [SESSION_PATIENT, 2.5],
]);

export function method({ rounds, connections }: Effort): string[] {
  return [
    "Each service, the stand-in of Spine and the generator have a process of their own. The stand-in prepares each response once and sends it without checks or latency. All services run with the flags of `npm start`, write log and audit to files, and make one audit record for each call, with the patient hashed, before the response leaves; all keep a deadline for each request.",
    "Before anything is timed, every service receives the same request and the content of the responses is compared. Ids of slots and appointments are opaque, so only their presence is compared.",
    `Closed loop with ${connections} connections. Each service is warmed up until two rounds in turn cost the same within 5 %, or the warm-up is long enough; then ${rounds} rounds of a fixed number of requests, the services in turn. Medians of the rounds, with the lowest and the highest.`,
    "Processor time is what the process of the service used by `process.cpuUsage` (all threads, user and system), divided by its responses. It includes nothing of the load or the stand-in. Rate and latency depend on what else the machine does; processor time does so much less.",
  ];
}

/** One row for each service. */
export function scenarioTable(scenario: Scenario, measured: readonly Measured[]): string {
  const reference = measured.find(({ contender }) => contender.kind === MERCURIUS);
  const rows = measured.map((one) => {
    const { contender, rounds, calls, rssMiB, isSteady } = one;
    const ratio = reference ? (cpuOf(one).p50 / cpuOf(reference).p50).toFixed(2) : "–";
    const median = (value: (round: Round) => number) => summarise(rounds.map(value)).p50;
    return [
      `${contender.kind.name}${isSteady ? "" : " *"}`,
      calls.toFixed(1),
      range(cpuOf(one)),
      ratio,
      median(({ perSecond }) => perSecond).toFixed(0),
      `${median(({ ms }) => ms.p50).toFixed(1)} / ${median(({ ms }) => ms.p99).toFixed(1)}`,
      rssMiB.toFixed(0),
    ];
  });
  const head = ["Service", "Calls", "CPU ms a request", "÷ (b)", "Requests/s", "p50 / p99 ms", "RSS MiB"];
  const star = measured.every(({ isSteady }) => isSteady)
    ? ""
    : "\n\n\\* The last two rounds of the warm-up differed by more than 5 %.";
  return `### ${scenario.title} (\`${scenario.name}\`)\n\n${table(head, rows)}${star}`;
}

export function targetsOf(scenario: Scenario, measured: readonly Measured[]): Target[] {
  if (scenario === COLD_CARD) return coldCardTarget(measured);
  const atMost = MAX_RATIOS.get(scenario);
  const [ours, reference] = [OURS, MERCURIUS].map((kind) =>
    measured.find(({ contender }) => contender.kind === kind),
  );
  if (atMost === undefined || !ours || !reference) return [];
  // Neighbouring rounds share the state of the machine, so the spread of their ratios is the noise.
  const ratios = summarise(
    ours.rounds.map(({ cpuMs }, round) => cpuMs / (reference.rounds[round]?.cpuMs ?? Number.NaN)),
  );
  const measuredRatio = cpuOf(ours).p50 / cpuOf(reference).p50;
  return [
    {
      what: `processor time ÷ (b), ${scenario.title}`,
      atMost,
      measured: measuredRatio,
      noise: (ratios.max - ratios.min) / 2,
      unit: "",
    },
  ];
}

/** At least five times the rate of (d). */
function coldCardTarget(measured: readonly Measured[]): Target[] {
  const [ours, naive] = [OURS, NAIVE].map((kind) =>
    measured.find(({ contender }) => contender.kind === kind),
  );
  if (!ours || !naive) return [];
  const rate = ({ rounds }: Measured) => summarise(rounds.map(({ perSecond }) => perSecond)).p50;
  const ratio = rate(naive) / rate(ours);
  return [{ what: "rate of (d) ÷ ours, cold card", atMost: 0.2, measured: ratio, noise: 0, unit: "" }];
}

export function cpuOf({ rounds }: Measured): Summary {
  return summarise(rounds.map(({ cpuMs }) => cpuMs));
}

function range({ p50, min, max }: Summary): string {
  const text = (value: number) => value.toFixed(value < 10 ? 3 : 1);
  return `${text(p50)} (${text(min)} to ${text(max)})`;
}
