/** One request that the graph sent, as `extensions.spine.calls` tells it. */
export interface SpineCall {
  readonly service: string;
  readonly interaction: string;
  readonly target: string | null;
  readonly startedMs: number;
  readonly durationMs: number;
  readonly outcome: string;
}

export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  readonly shared: number;
}

/** What `extensions.spine` holds. */
export interface SpineTrace {
  readonly calls: readonly SpineCall[];
  readonly cache: Readonly<Record<string, CacheCounts>>;
}

/** Picks the trace out of an answer; null when the server gave none, as it may. */
export function traceOf(extensions: unknown): SpineTrace | null {
  const spine = asRecord(asRecord(extensions)?.spine);
  if (spine === undefined || !Array.isArray(spine.calls)) return null;
  const cache = Object.entries(asRecord(spine.cache) ?? {});
  return {
    calls: spine.calls.flatMap((call) => asCall(call) ?? []),
    cache: Object.fromEntries(cache.map(([name, counts]) => [name, asCounts(counts)])),
  };
}

function asCall(value: unknown): SpineCall | undefined {
  const call = asRecord(value);
  if (call === undefined || typeof call.service !== "string") return undefined;
  return {
    service: call.service,
    interaction: String(call.interaction ?? ""),
    target: typeof call.target === "string" ? call.target : null,
    startedMs: asNumber(call.startedMs),
    durationMs: asNumber(call.durationMs),
    outcome: String(call.outcome ?? ""),
  };
}

function asCounts(value: unknown): CacheCounts {
  const counts = asRecord(value);
  return {
    hits: asNumber(counts?.hits),
    misses: asNumber(counts?.misses),
    shared: asNumber(counts?.shared),
  };
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function asNumber(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, value) : 0;
}
