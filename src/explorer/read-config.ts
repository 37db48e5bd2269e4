import type { ExplorerConfig } from "./config.js";

/** Reads the embedded settings. */
export function readConfig(page: Document): ExplorerConfig {
  return JSON.parse(page.getElementById("explorer-config")?.textContent ?? "") as ExplorerConfig;
}
