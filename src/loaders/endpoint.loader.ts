import type { DirectoryEntry } from "../domain/directory-entry.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { CacheEntry, CacheScope, ScopedCache, Session } from "../platform/cache/scoped-cache.js";
import { SESSION_MS } from "../platform/cache/sessions.js";
import type { CallContext } from "../platform/call-context.js";
import { upstreamError } from "../platform/upstream-failures.js";
import type { Directory, DirectoryQuery, DirectoryResult } from "../upstreams/sds/index.js";
import { GP_CONNECT_DIRECTORY_INTERACTION } from "../upstreams/sds/index.js";
import type { BatchBarrier } from "./batch-barrier.js";
import { createBatcher, createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";

/** How Spine's own service for V&M is found: by look-up, or fixed by settings. */
export type SpineEndpointSource =
  | { readonly kind: "directory"; readonly query: DirectoryQuery; readonly ttlMs: number }
  | { readonly kind: "fixed"; readonly entry: DirectoryEntry };

export interface EndpointLoaderOptions {
  readonly directory: Directory;
  readonly reuse: ScopedCache;
  readonly session: Session | undefined;
  readonly spine: SpineEndpointSource;
  /** The reads that lead to practices. A directory that batches is asked when those of a wave have ended. */
  readonly waves: BatchBarrier;
}

export interface EndpointLoaders {
  /** A practice's GP Connect system. One look-up serves Foundations and Appointments, which share one root. */
  readonly practiceEndpoint: KeyedLoader<OdsCode, DirectoryEntry>;
  /** Looks a practice up anew, once in a request, after its registered address has turned out to be out of date. */
  readonly renewedEndpoint: KeyedLoader<OdsCode, DirectoryEntry>;
  /** Spine's own endpoint for V&M, the same for all patients. */
  readonly spineEndpoint: { load(): Promise<DirectoryEntry> };
}

/** Asks for one entry, in a context that may outlive the request's own. */
type Ask = (query: DirectoryQuery, context: CallContext) => Promise<DirectoryEntry>;

/** Directory entries. A practice's may not be used again beyond the session; Spine's own may. */
export function createEndpointLoaders(context: CallContext, options: EndpointLoaderOptions): EndpointLoaders {
  const { directory, reuse, session, spine } = options;
  const askAlone: Ask = async (query, asking) => toEntry((await directory.lookUp([query], asking))[0]);

  const reuseOrAsk = (query: DirectoryQuery, entry: CacheEntry, ask: Ask) =>
    reuse.get(entry, context, async (asking) => ({ value: await ask(query, asking), keep: true }));
  const outOfDate = new Set<OdsCode>();
  const practiceQuery = (odsCode: OdsCode): DirectoryQuery => ({
    odsCode,
    interaction: GP_CONNECT_DIRECTORY_INTERACTION,
    fresh: outOfDate.has(odsCode),
  });
  const practiceEntry = (odsCode: OdsCode) =>
    toReuseEntry(practiceQuery(odsCode), { kind: "session", session }, SESSION_MS);
  const loadPractice = (odsCode: OdsCode, ask: Ask) =>
    reuseOrAsk(practiceQuery(odsCode), practiceEntry(odsCode), ask);

  // Practices of one wave: each looked for in the session's answers, all that are missing asked for at once.
  const askTogether = createBatcher(async (queries: readonly DirectoryQuery[]) => {
    const answers = await directory.lookUp(queries, context);
    return queries.map(async (_query, index) => toEntry(answers[index]));
  }, setImmediate);
  const loadInWave = createBatcher(
    async (odsCodes: readonly OdsCode[]) => odsCodes.map((odsCode) => loadPractice(odsCode, askTogether)),
    (dispatch) => options.waves.whenAnswered(context.signal, dispatch),
  );

  const practiceEndpoint = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    (odsCode) => (directory.batches === true ? loadInWave(odsCode) : loadPractice(odsCode, askAlone)),
  );
  const spineLoader = createKeyedLoader(
    () => "spine",
    (source: SpineEndpointSource) =>
      source.kind === "fixed"
        ? Promise.resolve(source.entry)
        : reuseOrAsk(
            source.query,
            toReuseEntry(source.query, { kind: "deployment" }, source.ttlMs),
            askAlone,
          ),
  );
  const renewedEndpoint = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    async (odsCode) => {
      outOfDate.add(odsCode);
      await reuse.forget(practiceEntry(odsCode));
      practiceEndpoint.clear(odsCode);
      return practiceEndpoint.load(odsCode);
    },
  );
  return { practiceEndpoint, renewedEndpoint, spineEndpoint: { load: () => spineLoader.load(spine) } };
}

function toReuseEntry(
  { odsCode, interaction, partyKey = "" }: DirectoryQuery,
  scope: CacheScope,
  ttlMs: number,
): CacheEntry {
  return { cache: "SDS", scope, key: [odsCode, interaction, partyKey], ttlMs };
}

function toEntry(answer: DirectoryResult | undefined): DirectoryEntry {
  if (answer === undefined || answer.kind === "none") throw notOnGpConnect();
  if (answer.kind === "fault") throw answer.error;
  return answer.entry;
}

/** The directory knows nothing of this organisation for what we want of it: a fact about it, not a fault of the service. */
function notOnGpConnect() {
  return upstreamError({
    service: "SDS",
    code: "UPSTREAM_REFUSED",
    reason: "NOT_ON_GP_CONNECT",
    retryable: false,
  });
}
