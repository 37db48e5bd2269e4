import { weaknessOf } from "./weak-keys.js";

/** The settings whose weak values live mode refuses. */
export interface HardenedSettings {
  readonly CACHE_URL?: string | undefined;
  readonly LATE_COMMIT_BOUND_MS: number;
  readonly SSP_TIMEOUT_MS: number;
  readonly SSP_WRITE_TIMEOUT_MS?: number | undefined;
  readonly REQUIRE_VERIFIED_DETAILS?: boolean | undefined;
  readonly ID_SIGNING_KEY?: readonly string[] | undefined;
  readonly CACHE_ENCRYPTION_KEY?: readonly string[] | undefined;
  readonly STORE_KEY?: readonly string[] | undefined;
}

const KEYS = ["ID_SIGNING_KEY", "CACHE_ENCRYPTION_KEY", "STORE_KEY"] as const;

/** A practice may carry out a write for at least so long after we have stopped waiting for it (design, section 7). */
const MIN_LATE_COMMIT_BOUND_MS = 10_000;

/**
 * The faults of settings that work and are unsafe (`docs/security.md`). Live mode does not start with one of them.
 *
 * @param environment the process's environment, which also configures Node.
 */
export function hardeningFaults(
  settings: HardenedSettings,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const faults: string[] = [];
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
    faults.push(
      "NODE_TLS_REJECT_UNAUTHORIZED must not be 0 in live mode: no server's certificate would be checked",
    );
  }
  if (/^redis:/i.test(settings.CACHE_URL ?? "")) {
    faults.push("CACHE_URL must be encrypted in live mode: rediss:");
  }
  const { LATE_COMMIT_BOUND_MS: boundMs, SSP_WRITE_TIMEOUT_MS: writeMs = settings.SSP_TIMEOUT_MS } = settings;
  const minBoundMs = Math.max(MIN_LATE_COMMIT_BOUND_MS, writeMs);
  if (boundMs < minBoundMs) {
    faults.push(
      `LATE_COMMIT_BOUND_MS must be at least ${minBoundMs} in live mode: with less, one key could book two appointments`,
    );
  }
  if (settings.REQUIRE_VERIFIED_DETAILS === false) {
    faults.push(
      "REQUIRE_VERIFIED_DETAILS must not be false in live mode: a mistyped NHS number would book for another person",
    );
  }
  return [...faults, ...KEYS.flatMap((name) => keyFaults(name, settings[name] ?? []))];
}

/** At most one fault of each key setting. */
function keyFaults(name: string, keys: readonly string[]): string[] {
  const weakness = keys.map(weaknessOf).find((found) => found !== undefined);
  if (weakness !== undefined) return [`${name} is too easy to guess in live mode: a key ${weakness}`];
  return new Set(keys).size < keys.length ? [`${name} contains the same key twice`] : [];
}
