import { join } from "node:path";
import { compareSetups, methodOf } from "../compare/compare-setups.js";
import { CARD_5, SESSION_PATIENT } from "../compare/scenarios.js";
import { startChild } from "../kit/child.js";
import { load } from "../kit/machine.js";
import type { Report } from "../kit/report.js";

const ROUNDS = 4;
/** Two processes with the same settings differ by several percent, so one of each would show the process. */
const PROCESSES = 3;

/** The same load with and without an OTLP collector, every request recorded, on several processes of each kind. */
export async function benchTelemetry(): Promise<Report> {
  const loadBefore = load();
  const collector = startChild(join(__dirname, "collector-process.js"));
  try {
    const endpoint = await collector.call<string>("start");
    const setups = Array.from({ length: PROCESSES }, (_, index) => [
      { name: `without telemetry, process ${index + 1}`, environment: {} },
      {
        name: `every request recorded, process ${index + 1}`,
        environment: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
      },
    ]).flat();
    const results = await compareSetups(setups, [CARD_5, SESSION_PATIENT], ROUNDS);
    const bytes = await collector.call<number>("receivedBytes");
    if (bytes === 0) throw new Error("the collector received nothing");
    return {
      name: "telemetry",
      title: "The cost of telemetry",
      loadBefore,
      method: [methodOf(ROUNDS)],
      results: [...results, `The collector received ${(bytes / 2 ** 20).toFixed(0)} MiB.`],
      targets: [],
    };
  } finally {
    await collector.stop();
  }
}
