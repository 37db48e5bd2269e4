import type { Dependencies, UpstreamUrls } from "../dependencies.js";
import { countKeys, describe, fetchToken, findSpine } from "./ask.js";
import { look, type ProbeOptions } from "./probe.js";
import { type CheckRow, toTable } from "./table.js";
import { judgeOurs, judgeSighting, reasonOf, type Verdict } from "./verdicts.js";

export interface CheckOptions {
  readonly dependencies: Dependencies;
  readonly urls: UpstreamUrls;
  /** For each thing that is tried. */
  readonly timeoutMs?: number;
}

export interface CheckReport {
  readonly rows: readonly CheckRow[];
  readonly table: string;
  /** Whether nothing failed. */
  readonly isGood: boolean;
}

const TIMEOUT_MS = 5_000;

/**
 * Tries each configured upstream harmlessly: reachable, certificate, token, directory entry, clock. No request names
 * a patient or goes to a practice.
 */
export async function checkUpstreams(options: CheckOptions): Promise<CheckReport> {
  const { dependencies, urls, timeoutMs = TIMEOUT_MS } = options;
  const { config, clock, tls } = dependencies;
  const plain: ProbeOptions = { clock, timeoutMs };
  const spine: ProbeOptions = { ...plain, tls };
  const see = (what: string, url: string | undefined, how: ProbeOptions) =>
    row(what, url, async (address) => judgeSighting(await look(address, how), clock.now()));

  const entry = findSpine(dependencies, timeoutMs);
  const visitorsAndMigrants = entry.then(
    ({ serviceRootUrl }) => see("V&M", serviceRootUrl, spine),
    (): CheckRow => ({ what: "V&M", where: "", result: "SKIP", details: "its address is not known" }),
  );
  const rows = await Promise.all([
    { what: "Our certificate", where: "", ...judgeOurs(tls?.expiresAt, clock.now()) },
    see("Callers' keys", config.AUTH_JWKS_URL, plain),
    row("Their key set", config.AUTH_JWKS_URL, (address) => countKeys(address, timeoutMs)),
    see("PDS", urls.pds, plain),
    see("Token endpoint", config.PDS_TOKEN_URL, plain),
    row("PDS token", config.PDS_TOKEN_URL, () => fetchToken(dependencies, timeoutMs)),
    see("SDS", urls.sds, /^ldaps?:/i.test(urls.sds) ? spine : plain),
    row("Spine in SDS", config.VM_URL ? undefined : urls.sds, async () => describe(await entry)),
    see("SSP", urls.ssp, spine),
    visitorsAndMigrants,
    see("Cache", config.CACHE_URL, plain),
  ]);
  return { rows, table: toTable(rows), isGood: rows.every(({ result }) => result !== "FAIL") };
}

/** @param address what is looked at; without one there is nothing to look at. */
async function row(
  what: string,
  address: string | undefined,
  check: (address: string) => Promise<Verdict>,
): Promise<CheckRow> {
  if (address === undefined) return { what, where: "", result: "SKIP", details: "not set" };
  const where = new URL(address).host;
  try {
    return { what, where, ...(await check(address)) };
  } catch (error) {
    return { what, where, result: "FAIL", details: reasonOf(error) };
  }
}
