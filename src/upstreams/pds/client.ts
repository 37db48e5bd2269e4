import type { NhsNumber } from "../../domain/nhs-number.js";
import type { TraceCriteria } from "../../domain/trace-criteria.js";
import type { Clock } from "../../platform/clock.js";
import type { HttpResponse } from "../../platform/http/http-client.js";
import type { CallContext } from "../call-context.js";
import { createPdsExchange, type PdsExchangeOptions } from "./exchange.js";
import { type PdsReadResult, readPatientResponse } from "./read-response.js";
import { searchQuery } from "./search-query.js";
import { type PdsSearchResult, readSearchResponse } from "./search-response.js";

/** The Personal Demographics Service, read side. */
export interface PdsClient {
  /**
   * Reads one record by NHS number. For a superseded number the result is the current record, with the requested number.
   *
   * @throws UpstreamError of service PDS; `reason` is Spine's own code where it sent one.
   */
  readPatient(nhsNumber: NhsNumber, context: CallContext): Promise<PdsReadResult>;

  /**
   * Searches for a person by details. PDS records an access to every match, and so do we: call it only for a person's
   * request, and only once.
   *
   * @throws UpstreamError of service PDS; `reason` is Spine's own code where it sent one.
   */
  searchPatients(criteria: TraceCriteria, context: CallContext): Promise<PdsSearchResult>;
}

export interface PdsClientOptions extends PdsExchangeOptions {
  readonly clock: Clock;
}

const READ = { service: "PDS", interaction: "Patient.read", target: null } as const;
/** "Search retries multiply audit records: keep to one" (PDS notes, section 9). */
const SEARCH = { service: "PDS", interaction: "Patient.search", target: null, maxRetries: 1 } as const;

/** Builds the client over the PDS FHIR API (R4). Sends nothing until called. */
export function createPdsClient(options: PdsClientOptions): PdsClient {
  const { clock, access } = options;
  const send = createPdsExchange(options);

  return {
    readPatient(nhsNumber, context) {
      const read = (response: HttpResponse) => readPatientResponse(response, nhsNumber, clock.now());
      return send({ ...READ, subject: { nhsNumber }, path: `/Patient/${nhsNumber}`, read }, context);
    },

    async searchPatients(criteria, context) {
      const path = `/Patient?${searchQuery(criteria, access?.mode)}`;
      const found = await send({ ...SEARCH, path, read: readSearchResponse }, context);
      if (found.kind !== "matches") return found;
      for (const { nhsNumber } of found.matches) {
        context.audit.record({
          operation: "PDS Patient.search",
          outcome: "SUCCEEDED",
          reason: "MATCHED",
          nhsNumber,
        });
      }
      // In application mode PDS returns one person or none, so several are a fault of the gateway (PDS notes, 2.1).
      return access?.mode === "application" && found.matches.length > 1 ? { kind: "too-many" } : found;
    },
  };
}
