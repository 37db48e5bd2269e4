import { join } from "node:path";
import { startChild } from "../kit/child.js";
import { flagIn } from "../kit/flags.js";
import { load } from "../kit/machine.js";
import type { Report } from "../kit/report.js";
import {
  type Contender,
  type ContenderKind,
  installPeers,
  MERCURIUS,
  NAIVE,
  OURS,
  REST,
  startContender,
  YOGA,
} from "./contender.js";
import { factTables, factTargets, measureFacts } from "./facts.js";
import { type Bench, type Effort, type Measured, measureScenario } from "./measure.js";
import { measureOpenLoop, openLoopTables } from "./open-loop.js";
import { method, scenarioTable, targetsOf } from "./report-tables.js";
import { CARD_5, CARD_56, PRACTICES_10, SCENARIOS, type Scenario, SESSION_PATIENT } from "./scenarios.js";

const FULL: Effort = { rounds: 5, maxSeconds: 10, connections: 16, maxWarmUps: 7 };
const SHORT: Effort = { rounds: 3, maxSeconds: 6, connections: 16, maxWarmUps: 6 };

/** The flags of the comparison. */
interface Choice {
  readonly effort: Effort;
  readonly kinds: readonly ContenderKind[];
  readonly scenarios: readonly Scenario[];
  readonly withFacts: boolean;
  readonly withOpenLoop: boolean;
}

/**
 * The product beside what people would use instead, over the same stand-in of Spine.
 *
 * @param runs rounds of each service.
 * @param words `--short`; `--only=card-5,session`; `--facts` for what is measured once, which a full run has as well;
 *   `--open-loop` for that part of the facts alone; `--against=<main.js of another build>`, which joins as one more service.
 */
export async function benchPeers(runs: number | undefined, words: readonly string[] = []): Promise<Report> {
  const loadBefore = load();
  const { effort, kinds, scenarios, withFacts, withOpenLoop } = choose(words, runs);
  installPeers();
  const standIn = startChild(join(__dirname, "stand-in-process.js"));
  const generator = startChild(join(__dirname, "load-process.js"));
  const contenders: Contender[] = [];
  try {
    const urls = await standIn.call<{ pds: string; sds: string; ssp: string }>("urls");
    for (const kind of kinds) contenders.push(await startContender(kind, urls));
    const bench: Bench = { standIn, generator, contenders, effort };
    const facts = withFacts ? await measureFacts(bench, urls) : undefined;
    if (facts) process.stderr.write(`${factTables(facts).join("\n\n")}\n\n`);
    const openLoop = withOpenLoop ? openLoopTables(await measureOpenLoop(bench)) : [];
    const results: { scenario: Scenario; measured: readonly Measured[] }[] = [];
    for (const scenario of scenarios) {
      const measured = await measureScenario(bench, scenario);
      results.push({ scenario, measured });
      process.stderr.write(`${scenarioTable(scenario, measured)}\n\n`);
    }
    return {
      name: "peers",
      title: "Processor time beside the peers",
      loadBefore,
      method: method(effort),
      results: [
        ...results.map(({ scenario, measured }) => scenarioTable(scenario, measured)),
        ...openLoop,
        ...(facts ? factTables(facts) : []),
      ],
      targets: [
        ...results.flatMap(({ scenario, measured }) => targetsOf(scenario, measured)),
        ...(facts ? factTargets(facts) : []),
      ],
    };
  } finally {
    for (const contender of contenders) await contender.stop();
    await generator.stop();
    await standIn.stop();
  }
}

function choose(words: readonly string[], runs: number | undefined): Choice {
  const isShort = words.includes("--short");
  const only = flagIn(words, "--only=")?.split(",");
  const against = flagIn(words, "--against=");
  const another: ContenderKind[] =
    against === undefined ? [] : [{ name: "the other build", file: against, isOurs: true }];
  const wanted = isShort ? [CARD_5, CARD_56, SESSION_PATIENT, PRACTICES_10] : SCENARIOS;
  const withOpenLoop = words.includes("--open-loop");
  const unnamed = withOpenLoop ? [] : wanted;
  const scenarios = only === undefined ? unnamed : SCENARIOS.filter(({ name }) => only.includes(name));
  const withFacts = words.includes("--facts") || (!isShort && only === undefined && !withOpenLoop);
  if (scenarios.length === 0 && !withFacts && !withOpenLoop) {
    throw new Error(`--only= takes names of ${SCENARIOS.map(({ name }) => name).join(", ")}`);
  }
  const peers = isShort ? [MERCURIUS] : [REST, MERCURIUS, YOGA, NAIVE];
  const effort = isShort ? SHORT : FULL;
  return {
    effort: { ...effort, rounds: runs ?? effort.rounds },
    kinds: [OURS, ...another, ...peers],
    scenarios,
    withFacts,
    withOpenLoop,
  };
}
