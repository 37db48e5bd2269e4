import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { CallContext } from "../../platform/call-context.js";
import type { UpstreamError } from "../../platform/errors.js";

/**
 * The interaction by which a practice is looked up. One look-up serves GP Connect's Foundations and
 * Appointments: both stand under one product and one FHIR server (design, section 5).
 */
export const GP_CONNECT_DIRECTORY_INTERACTION = "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1";

/** One question to the directory: where is this organisation reached for this interaction? */
export interface DirectoryQuery {
  readonly odsCode: OdsCode;
  /** In the directory's spelling, which differs from the `Ssp-InteractionID` header's for V&M (SDS notes, trap 10). */
  readonly interaction: string;
  /** A national service's fixed key (SDS notes, section 5.4). Left out for practices. */
  readonly partyKey?: string | undefined;
  /** Decides when several systems stand under the key; never overrules a single one. */
  readonly preferredAsid?: string | undefined;
  /** Past every cache on the way, since what was answered before has turned out to be out of date. */
  readonly fresh?: boolean | undefined;
}

/**
 * `none`: the directory was asked and has no address, so the organisation is not enabled. `fault`: we do not know, or its
 * records contradict one another.
 */
export type DirectoryResult =
  | { readonly kind: "entry"; readonly entry: DirectoryEntry }
  | { readonly kind: "none" }
  | { readonly kind: "fault"; readonly error: UpstreamError };

/** The Spine Directory Service, whichever protocol is behind it. */
export interface Directory {
  /**
   * Whether many queries asked together cost less than each by itself, so that it pays to gather them first. Left
   * out means no: one organisation a call, as over FHIR.
   */
  readonly batches?: boolean | undefined;
  /**
   * Answers each query in its own place; a query that fails is a `fault` and spoils no other. Equal queries
   * are asked once.
   */
  lookUp(queries: readonly DirectoryQuery[], context: CallContext): Promise<DirectoryResult[]>;
}

/** Which of an organisation's systems is meant: several suppliers' products may stand at one site. */
export interface OwnSystemQuery {
  readonly odsCode: OdsCode;
  readonly interaction: string;
  /** The supplier's ODS code. */
  readonly manufacturer: OdsCode;
}

export type OwnAsidResult =
  | { readonly kind: "asid"; readonly asid: string }
  | { readonly kind: "none" }
  | { readonly kind: "fault"; readonly error: UpstreamError };

/** Where the directory can be asked who we ourselves are (SDS notes, section 5.3). */
export interface OwnSystems {
  findOwnAsid(query: OwnSystemQuery, context: CallContext): Promise<OwnAsidResult>;
}
