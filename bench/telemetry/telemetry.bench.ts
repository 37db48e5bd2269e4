import { join } from "node:path";
import { compareSetups, methodOf } from "../compare/compare-setups.js";
import { CARD_5, SESSION_PATIENT } from "../compare/scenarios.js";
import { startChild } from "../kit/child.js";
import { load } from "../kit/machine.js";
import type { Report } from "../kit/report.js";

const ROUNDS = 8;

/** The same load without an OTLP collector, with one and every request recorded, and with a quarter of them recorded. */
export async function benchTelemetry(): Promise<Report> {
  const loadBefore = load();
  const collector = startChild(join(__dirname, "collector-process.js"));
  try {
    const endpoint = await collector.call<string>("start");
    const setups = [
      { name: "without telemetry", environment: {} },
      { name: "every request recorded", environment: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } },
      {
        name: "a quarter recorded",
        environment: {
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
          OTEL_TRACES_SAMPLER_ARG: "0.25",
        },
      },
    ];
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
