import type { DirectoryEntry } from "../domain/directory-entry.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { CacheEntry, CacheScope, ScopedCache, Session } from "../platform/cache/scoped-cache.js";
import { SESSION_MS } from "../platform/cache/sessions.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { Directory, DirectoryQuery, DirectoryResult } from "../upstreams/sds/index.js";
import { GP_CONNECT_DIRECTORY_INTERACTION } from "../upstreams/sds/index.js";
import { upstreamError } from "../upstreams/upstream-errors.js";
import type { BatchBarrier } from "./batch-barrier.js";
import { createBatcher, createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";

/** How Spine's own service for V&M is found: by look-up, or fixed by settings. */
export type SpineEndpointSource =
  | { readonly kind: "directory"; readonly query: DirectoryQuery; readonly ttlMs: number }
  | { readonly kind: "fixed"; readonly entry: DirectoryEntry };

export interface EndpointLoaderOptions {
  readonly directory: Directory;
  readonly cache: ScopedCache;
  readonly session: Session | undefined;
  readonly spine: SpineEndpointSource;
  /** The reads that lead to practices. A directory that batches is queried when a batch of them is complete. */
  readonly barrier: BatchBarrier;
}

export interface EndpointLoaders {
  /** A practice's GP Connect system. One look-up serves Foundations and Appointments, which share one root. */
  readonly practiceEndpoint: KeyedLoader<OdsCode, DirectoryEntry>;
  /** Queries the directory again, once in a request, after a registered address has turned out to be out of date. */
  readonly renewedEndpoint: KeyedLoader<OdsCode, DirectoryEntry>;
  /** Spine's own endpoint for V&M, the same for all patients. */
  readonly spineEndpoint: { load(): Promise<DirectoryEntry> };
}

/** Fetches one entry, in a context that may outlive the request's own. */
type FetchEntry = (query: DirectoryQuery, context: CallContext) => Promise<DirectoryEntry>;

/** Directory entries. A practice's entry may not be reused beyond the session; Spine's own may. */
export function createEndpointLoaders(context: CallContext, options: EndpointLoaderOptions): EndpointLoaders {
  const { directory, cache, session, spine } = options;
  const fetchAlone = async (query: DirectoryQuery, fetchContext: CallContext, absence?: Absence) =>
    toEntry((await directory.lookUp([query], fetchContext))[0], absence);

  const cachedOrFetched = (query: DirectoryQuery, entry: CacheEntry, fetch: FetchEntry) =>
    cache.get(entry, context, async (fetchContext) => ({
      value: await fetch(query, fetchContext),
      keep: true,
    }));
  const outOfDate = new Set<OdsCode>();
  const practiceQuery = (odsCode: OdsCode): DirectoryQuery => ({
    odsCode,
    interaction: GP_CONNECT_DIRECTORY_INTERACTION,
    fresh: outOfDate.has(odsCode),
  });
  const practiceEntry = (odsCode: OdsCode) =>
    toCacheEntry(practiceQuery(odsCode), { kind: "session", session }, SESSION_MS);
  const loadPractice = (odsCode: OdsCode, fetch: FetchEntry) =>
    cachedOrFetched(practiceQuery(odsCode), practiceEntry(odsCode), fetch);

  // The practices of one batch: each is looked up in the session's cache, and all that are missing are fetched together.
  const fetchTogether = createBatcher(async (queries: readonly DirectoryQuery[]) => {
    const results = await directory.lookUp(queries, context);
    return queries.map(async (_query, index) => toEntry(results[index]));
  }, setImmediate);
  const loadInBatch = createBatcher(
    async (odsCodes: readonly OdsCode[]) => odsCodes.map((odsCode) => loadPractice(odsCode, fetchTogether)),
    (dispatch) => options.barrier.whenComplete(context.signal, dispatch),
  );

  const practiceEndpoint = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    (odsCode) => (directory.batches === true ? loadInBatch(odsCode) : loadPractice(odsCode, fetchAlone)),
  );
  const spineLoader = createKeyedLoader(
    () => "spine",
    (source: SpineEndpointSource) =>
      source.kind === "fixed"
        ? Promise.resolve(source.entry)
        : cachedOrFetched(
            source.query,
            toCacheEntry(source.query, { kind: "deployment" }, source.ttlMs),
            (query, fetchContext) => fetchAlone(query, fetchContext, "NO_SPINE_ENDPOINT"),
          ),
  );
  const renewedEndpoint = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    async (odsCode) => {
      outOfDate.add(odsCode);
      await cache.forget(practiceEntry(odsCode));
      practiceEndpoint.clear(odsCode);
      return practiceEndpoint.load(odsCode);
    },
  );
  return { practiceEndpoint, renewedEndpoint, spineEndpoint: { load: () => spineLoader.load(spine) } };
}

function toCacheEntry(
  { odsCode, interaction, partyKey = "" }: DirectoryQuery,
  scope: CacheScope,
  ttlMs: number,
): CacheEntry {
  return { cache: "SDS", scope, key: [odsCode, interaction, partyKey], ttlMs };
}

/** Whose entry is absent: a practice's, or Spine's own, without which no practice is at fault. */
type Absence = "NOT_ON_GP_CONNECT" | "NO_SPINE_ENDPOINT";

function toEntry(
  result: DirectoryResult | undefined,
  absence: Absence = "NOT_ON_GP_CONNECT",
): DirectoryEntry {
  if (result === undefined || result.kind === "none") throw absent(absence);
  if (result.kind === "fault") throw result.error;
  return result.entry;
}

/** The directory has no such service for this organisation: a fact about it, not a fault of the directory. */
function absent(reason: Absence) {
  return upstreamError({ service: "SDS", code: "UPSTREAM_REFUSED", reason, retryable: false });
}
