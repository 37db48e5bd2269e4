import type { DirectoryEntry } from "../domain/directory-entry.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { CallContext } from "../platform/call-context.js";
import type { ReuseCache, ReuseScope, Session } from "../platform/reuse-cache.js";
import { SESSION_MS } from "../platform/sessions.js";
import { upstreamError } from "../platform/upstream-failures.js";
import type { Directory, DirectoryQuery } from "../upstreams/sds/index.js";
import { GP_CONNECT_DIRECTORY_INTERACTION } from "../upstreams/sds/index.js";
import { createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";

/** How Spine's own service for V&M is found: by look-up, or fixed by settings. */
export type SpineEndpointSource =
  | { readonly kind: "directory"; readonly query: DirectoryQuery; readonly lifeMs: number }
  | { readonly kind: "fixed"; readonly entry: DirectoryEntry };

export interface EndpointLoaderOptions {
  readonly directory: Directory;
  readonly reuse: ReuseCache;
  readonly session: Session | undefined;
  readonly spine: SpineEndpointSource;
}

export interface EndpointLoaders {
  /** A practice's GP Connect system. One look-up serves Foundations and Appointments, which share one root. */
  readonly practiceEndpoint: KeyedLoader<OdsCode, DirectoryEntry>;
  /** Spine's own endpoint for V&M, the same for all patients. */
  readonly spineEndpoint: { load(): Promise<DirectoryEntry> };
}

/** Directory entries. A practice's may not be used again beyond the session; Spine's own may. */
export function createEndpointLoaders(context: CallContext, options: EndpointLoaderOptions): EndpointLoaders {
  const { directory, reuse, session, spine } = options;
  const lookUp = (query: DirectoryQuery, scope: ReuseScope, lifeMs: number) =>
    reuse.get(
      { cache: "SDS", scope, key: [query.odsCode, query.interaction, query.partyKey ?? ""], lifeMs },
      context,
      async (asking) => {
        const [answer] = await directory.lookUp([query], asking);
        if (answer === undefined || answer.kind === "none") throw notOnGpConnect();
        if (answer.kind === "fault") throw answer.error;
        return { value: answer.entry, keep: true };
      },
    );
  const practiceEndpoint = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    (odsCode) =>
      lookUp(
        { odsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION },
        { kind: "session", session },
        SESSION_MS,
      ),
  );
  const spineLoader = createKeyedLoader(
    () => "spine",
    (source: SpineEndpointSource) =>
      source.kind === "fixed"
        ? Promise.resolve(source.entry)
        : lookUp(source.query, { kind: "deployment" }, source.lifeMs),
  );
  return { practiceEndpoint, spineEndpoint: { load: () => spineLoader.load(spine) } };
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
