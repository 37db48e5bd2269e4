import { rmSync } from "node:fs";
import { join } from "node:path";
import { compareSetups, methodOf, type Setup } from "../compare/compare-setups.js";
import { CARD_5, PRACTICES_10, SESSION_PATIENT } from "../compare/scenarios.js";
import { load } from "../kit/machine.js";
import type { Report } from "../kit/report.js";
import { outputFolder } from "../kit/repository.js";

const ROUNDS = 3;

/** The same load on one process and on two workers. The second setup tells the cost of the store's file from that of workers. */
export async function benchWorkers(): Promise<Report> {
  const loadBefore = load();
  const store = join(outputFolder(), "workers-store.db");
  const setups: readonly Setup[] = [
    { name: "1 process, store in memory", environment: {} },
    { name: "1 process, store in a file", environment: { DATABASE_URL: `file:${store}` } },
    { name: "2 workers, store in a file", environment: { WORKERS: "2" } },
  ];
  try {
    return {
      name: "workers",
      title: "One process and two workers",
      loadBefore,
      method: [methodOf(ROUNDS)],
      results: await compareSetups(setups, [CARD_5, SESSION_PATIENT, PRACTICES_10], ROUNDS),
      targets: [],
    };
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${store}${suffix}`, { force: true });
  }
}
