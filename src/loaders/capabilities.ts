import { type PracticeCapabilities, supportsServices } from "../domain/capabilities.js";
import type { DirectoryEntry } from "../domain/directory-entry.js";
import type { CacheEntry, ScopedCache } from "../platform/cache/scoped-cache.js";
import { signalUntil } from "../platform/resilience/deadline.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { GpConnectClient } from "../upstreams/ssp/index.js";

/** How long a capability statement that no request waits for may take. */
const BACKGROUND_MS = 20_000;

export interface CapabilitiesSource {
  /** The practice's capability statement, from the cache of the deployment or from the practice. */
  load(practice: DirectoryEntry, context: CallContext): Promise<PracticeCapabilities>;
  /**
   * Whether a slot search may use the parameters of 1.2.8, by the cached capability statement. When it is not cached, it is
   * fetched beside the search, which then does without them. Only a search for one service waits for the statement; should
   * that fail, the search does without them as well.
   */
  canSearchByService(
    practice: DirectoryEntry,
    context: CallContext,
    search: { readonly serviceId?: string | undefined },
  ): Promise<boolean>;
}

export interface CapabilitiesOptions {
  readonly gpConnect: GpConnectClient;
  readonly cache: ScopedCache;
  readonly capabilitiesTtlMs: number;
}

export function createCapabilitiesSource({
  gpConnect,
  cache,
  capabilitiesTtlMs,
}: CapabilitiesOptions): CapabilitiesSource {
  const entryOf = ({ odsCode, serviceRootUrl }: DirectoryEntry): CacheEntry => ({
    cache: "SSP",
    scope: { kind: "deployment" },
    key: ["capabilities", odsCode, serviceRootUrl],
    ttlMs: capabilitiesTtlMs,
  });
  const load = (practice: DirectoryEntry, context: CallContext) =>
    cache.get(entryOf(practice), context, async (own) => ({
      value: await gpConnect.fetchCapabilities(practice, own),
      keep: true,
    }));

  return {
    load,
    async canSearchByService(practice, context, { serviceId }) {
      if (gpConnect.serviceFiltering !== true) return false;
      const cached = await cache.peek<PracticeCapabilities>(entryOf(practice));
      if (cached) return supportsServices(cached);
      // It outlives the request, because its result is for later ones.
      const loaded = load(practice, { ...context, signal: signalUntil(BACKGROUND_MS) }).then(
        supportsServices,
        () => false,
      );
      return serviceId === undefined ? false : loaded;
    },
  };
}
