import { join } from "node:path";
import { compareSetups, methodOf } from "../compare/compare-setups.js";
import { CARD_5, SESSION_PATIENT } from "../compare/scenarios.js";
import { startChild } from "../kit/child.js";
import { load } from "../kit/machine.js";
import type { Report } from "../kit/report.js";

const ROUNDS = 4;
/** Two processes with the same settings differ by several percent, so one of each would show the process. */
const PROCESSES = 2;
/** A caller's trace context without its last digit, which says whether the trace is recorded. */
const CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0";

/**
 * The same load without an OTLP collector, and with one. Each process with a collector gets the load twice in each
 * round, recorded and not recorded: that difference is free of the difference between processes.
 */
export async function benchTelemetry(): Promise<Report> {
  const loadBefore = load();
  const collector = startChild(join(__dirname, "collector-process.js"));
  try {
    const endpoint = await collector.call<string>("start");
    const setups = Array.from({ length: PROCESSES }, (_, index) => {
      const collected = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
      const name = `process ${index + 1} with a collector`;
      return [
        { name: `process ${index + 1} without a collector`, environment: {} },
        { name: `${name}, not recorded`, environment: collected, traceParent: `${CALLER}0` },
        { name: `${name}, recorded`, environment: collected, traceParent: `${CALLER}1` },
      ];
    }).flat();
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
