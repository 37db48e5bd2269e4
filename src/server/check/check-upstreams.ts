import type { Dependencies, UpstreamUrls } from "../dependencies.js";
import { checkOwnCertificate } from "./check-certificate.js";
import { checkOwnEntry, checkOwnEntryByLdap } from "./check-own-entry.js";
import type { CheckRow } from "./check-row.js";
import { checkRedis, checkStore } from "./check-stores.js";
import { type CheckOutcome, reasonOf, toProbeOutcome } from "./outcomes.js";
import { type ProbeOptions, probe } from "./probe.js";
import { pdsProof, proveApi, sdsProof } from "./prove-api.js";
import { checkKeySet, checkToken, fetchSpineEntry, pdsHeaders, toEntryOutcome } from "./service-checks.js";
import { toTable } from "./table.js";

export interface CheckOptions {
  readonly dependencies: Dependencies;
  readonly urls: UpstreamUrls;
  /** For each check. */
  readonly timeoutMs?: number;
}

export interface CheckReport {
  readonly rows: readonly CheckRow[];
  readonly table: string;
  /** True when no check failed. */
  readonly isGood: boolean;
}

const TIMEOUT_MS = 5_000;
/** What SDS grants everybody. */
const DEFAULT_RPS = 5;

/**
 * Checks each configured upstream and store without side effects: connection, certificates, token, directory entries,
 * clock, schema, eviction. No request names a patient or goes to a practice. Each row that is not good has an advice.
 */
export async function checkUpstreams(options: CheckOptions): Promise<CheckReport> {
  const { dependencies, urls, timeoutMs = TIMEOUT_MS } = options;
  const { config, clock, tls } = dependencies;
  const plain: ProbeOptions = { clock, timeoutMs };
  const spine: ProbeOptions = { ...plain, tls };
  const probeRow = (what: string, url: string | undefined, probeOptions: ProbeOptions) =>
    createRow(what, url, async (address) => toProbeOutcome(await probe(address, probeOptions), clock.now()));

  const spineEntry = fetchSpineEntry(dependencies, timeoutMs);
  const visitorsAndMigrants = spineEntry.then(
    ({ serviceRootUrl }) => probeRow("V&M", serviceRootUrl, spine),
    (): CheckRow => ({ what: "V&M", where: "", result: "SKIP", details: "address unknown" }),
  );
  const rows = await Promise.all([
    { what: "Our certificate", where: "", ...checkOwnCertificate(tls?.expiresAt, config, clock.now()) },
    probeRow("Callers' keys", config.AUTH_JWKS_URL, plain),
    createRow("Their key set", config.AUTH_JWKS_URL, (address) => checkKeySet(address, timeoutMs)),
    probeRow("PDS", urls.pds, plain),
    createRow("PDS API", urls.pds, async (address) =>
      proveApi(pdsProof(address, await pdsHeaders(dependencies, timeoutMs)), timeoutMs),
    ),
    probeRow("Token endpoint", urls.pdsToken, plain),
    createRow("PDS token", urls.pdsToken, () => checkToken(dependencies, timeoutMs)),
    probeRow("SDS", urls.sds, /^ldaps?:/i.test(urls.sds) ? spine : plain),
    createRow("SDS API", isFhir(urls.sds) ? urls.sds : undefined, (address) =>
      proveApi(sdsProof(address, config.SDS_API_KEY), timeoutMs),
    ),
    createRow("Spine in SDS", config.VM_URL ? undefined : urls.sds, async () =>
      toEntryOutcome(await spineEntry),
    ),
    ...config.organisations.map((organisation) =>
      createRow("Our entry in SDS", urls.sds, async (address) =>
        isFhir(address)
          ? checkOwnEntry(organisation, {
              url: address,
              apiKey: config.SDS_API_KEY,
              maxRps: config.SDS_MAX_RPS ?? DEFAULT_RPS,
              usesServices: config.GP_CONNECT_SERVICE_FILTERING,
              timeoutMs,
            })
          : checkOwnEntryByLdap(organisation, {
              url: address,
              baseDn: config.SDS_BASE_DN,
              tls,
              usesServices: config.GP_CONNECT_SERVICE_FILTERING,
              timeoutMs,
            }),
      ),
    ),
    probeRow("SSP", urls.ssp, spine),
    visitorsAndMigrants,
    probeRow("Cache", config.CACHE_URL, plain),
    createRow("Cache memory", config.CACHE_URL, (address) => checkRedis(address, timeoutMs)),
    storeRow(dependencies),
  ]);
  return { rows, table: toTable(rows), isGood: rows.every(({ result }) => result !== "FAIL") };
}

/** @param address the URL to check; without one the row is skipped. */
async function createRow(
  what: string,
  address: string | undefined,
  check: (address: string) => Promise<CheckOutcome>,
): Promise<CheckRow> {
  if (address === undefined) return { what, where: "", result: "SKIP", details: "not set" };
  const where = new URL(address).host;
  try {
    return { what, where, ...(await check(address)) };
  } catch (error) {
    return { what, where, result: "FAIL", details: reasonOf(error) };
  }
}

const isFhir = (url: string) => /^https?:/i.test(url);

/** A failed read has one reason for operators: the store is away. */
async function storeRow({ store, config }: Dependencies): Promise<CheckRow> {
  const row = { what: "Store", where: "" };
  try {
    return { ...row, ...(await checkStore(store, config.DATABASE_URL === undefined)) };
  } catch (error) {
    return { ...row, result: "FAIL", details: reasonOf(error) };
  }
}
