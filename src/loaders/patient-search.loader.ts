import type { TraceCriteria } from "../domain/trace-criteria.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { PdsClient, PdsSearchResult } from "../upstreams/pds/index.js";
import { createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";

/**
 * Searches PDS by details. The same search is made once in a request, and never cached beyond it: every search is an
 * access to everybody it finds (PDS notes, section 12).
 */
export function createPatientSearchLoader(
  context: CallContext,
  pds: PdsClient,
): KeyedLoader<TraceCriteria, PdsSearchResult> {
  return createKeyedLoader(
    (criteria) => JSON.stringify(criteria),
    (criteria) => pds.searchPatients(criteria, context),
  );
}
