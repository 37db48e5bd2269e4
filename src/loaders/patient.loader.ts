import type { NhsNumber } from "../domain/nhs-number.js";
import type { ScopedCache, Session } from "../platform/cache/scoped-cache.js";
import type { CallContext } from "../platform/call-context.js";
import type { PdsClient, PdsReadResult } from "../upstreams/pds/index.js";
import type { BatchBarrier } from "./batch-barrier.js";
import { createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";

export interface PatientLoaderOptions {
  readonly pds: PdsClient;
  readonly reuse: ScopedCache;
  readonly session: Session | undefined;
  /** A new flag, a death or a supersession must be seen within this time (design section 6: 2 minutes, at most 5). */
  readonly ttlMs: number;
  /** Told of each read, since practices wait for those of their wave. */
  readonly waves: BatchBarrier;
}

/** What PDS says of a number. Traces may be used again within the caller's session; "no such patient" may not. */
export function createPatientLoader(
  context: CallContext,
  { pds, reuse, session, ttlMs, waves }: PatientLoaderOptions,
): KeyedLoader<NhsNumber, PdsReadResult> {
  return createKeyedLoader(
    (nhsNumber) => nhsNumber,
    (nhsNumber) =>
      waves.track(
        reuse.get(
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
