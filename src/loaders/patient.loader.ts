import type { NhsNumber } from "../domain/nhs-number.js";
import type { ScopedCache, Session } from "../platform/cache/scoped-cache.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { PdsClient, PdsReadResult } from "../upstreams/pds/index.js";
import type { BatchBarrier } from "./batch-barrier.js";
import { createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";

export interface PatientLoaderOptions {
  readonly pds: PdsClient;
  readonly cache: ScopedCache;
  readonly session: Session | undefined;
  /** A new flag, a death or a supersession must be seen within this time (design section 6: 2 minutes, at most 5). */
  readonly ttlMs: number;
  /** Tracks each read, so that the practices of one batch are looked up together. */
  readonly barrier: BatchBarrier;
}

/** The PDS record of an NHS number. A found record is cached within the caller's session; "no such patient" is not. */
export function createPatientLoader(
  context: CallContext,
  { pds, cache, session, ttlMs, barrier }: PatientLoaderOptions,
): KeyedLoader<NhsNumber, PdsReadResult> {
  return createKeyedLoader(
    (nhsNumber) => nhsNumber,
    (nhsNumber) =>
      barrier.track(
        cache.get(
          { cache: "PDS", scope: { kind: "session", session }, key: [nhsNumber], ttlMs },
          context,
          async () => {
            const value = await pds.readPatient(nhsNumber, context);
            return { value, keep: value.kind === "found" };
          },
        ),
      ),
  );
}
