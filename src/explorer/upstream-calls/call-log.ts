import type { UpstreamCall } from "../../web-ui/sequence-diagram/upstream-call.js";

export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  /** Loads that joined a call in flight. */
  readonly shared: number;
}

/** The content of `extensions.spine`. */
export interface CallLog {
  readonly calls: readonly UpstreamCall[];
  readonly cache: Readonly<Record<string, CacheCounts>>;
}

/**
 * Reads the call log of a response. Null when the server sent none: in live mode the caller needs a permission.
 * Incomplete entries get defaults, and entries that are no calls are skipped, so that the page always renders.
 */
export function parseCallLog(extensions: unknown): CallLog | null {
  const spine = toObject(toObject(extensions)?.spine);
  if (spine === undefined || !Array.isArray(spine.calls)) return null;
  const cache = Object.entries(toObject(spine.cache) ?? {});
  return {
    calls: spine.calls.flatMap((call) => toCall(call) ?? []),
    cache: Object.fromEntries(cache.map(([service, counts]) => [service, toCounts(counts)])),
  };
}

function toCall(value: unknown): UpstreamCall | undefined {
  const call = toObject(value);
  if (call === undefined || typeof call.service !== "string") return undefined;
  return {
    service: call.service,
    interaction: String(call.interaction ?? ""),
    target: typeof call.target === "string" ? call.target : null,
    startedMs: toNumber(call.startedMs),
    durationMs: toNumber(call.durationMs),
    outcome: String(call.outcome ?? ""),
  };
}

function toCounts(value: unknown): CacheCounts {
  const counts = toObject(value);
  return {
    hits: toNumber(counts?.hits),
    misses: toNumber(counts?.misses),
    shared: toNumber(counts?.shared),
  };
}

function toObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function toNumber(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, value) : 0;
}
