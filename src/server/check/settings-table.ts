import { toTable } from "./table.js";

/** The table of a check that cannot begin, with one row for each fault of the settings: `ConfigError.faults`. */
export function toSettingsTable(faults: readonly string[]): string {
  return toTable(faults.map((details) => ({ what: "Settings", where: "", result: "FAIL", details })));
}
