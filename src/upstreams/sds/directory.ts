import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { UpstreamError } from "../../platform/errors.js";
import type { CallContext } from "../call-context.js";

/**
 * The interaction by which a practice is looked up. One look-up serves GP Connect's Foundations and Appointments,
 * because both are one product on one FHIR server.
 */
export const GP_CONNECT_DIRECTORY_INTERACTION = "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1";

/** One look-up: the address and system of an organisation for an interaction. */
export interface DirectoryQuery {
  readonly odsCode: OdsCode;
  /** In the directory's spelling, which differs from the `Ssp-InteractionID` header's for V&M (SDS notes, trap 10). */
  readonly interaction: string;
  /** A national service's fixed key (SDS notes, section 5.4). Left out for practices. */
  readonly partyKey?: string | undefined;
  /** Chooses among several systems with the party key; never replaces a single one. */
  readonly preferredAsid?: string | undefined;
  /** Bypasses every cache, because the earlier response has proved out of date. */
  readonly fresh?: boolean | undefined;
}

/**
 * `none`: the directory responded and has no address, so the organisation is not enabled. `fault`: the directory did
 * not respond usefully, or its records contradict one another.
 */
export type DirectoryResult =
  | { readonly kind: "entry"; readonly entry: DirectoryEntry }
  | { readonly kind: "none" }
  | { readonly kind: "fault"; readonly error: UpstreamError };

/** The Spine Directory Service, whichever protocol is behind it. */
export interface Directory {
  /**
   * Whether many queries in one call cost less than one call each, so that collecting them pays. Absent means no: one
   * organisation a call, as over FHIR.
   */
  readonly batches?: boolean | undefined;
  /**
   * Returns one result for each query, in the same order. A failed query is a `fault` and affects no other. Equal
   * queries are sent once.
   */
  lookUp(queries: readonly DirectoryQuery[], context: CallContext): Promise<DirectoryResult[]>;
}
