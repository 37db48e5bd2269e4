import type { OdsCode } from "./ods-code.js";

/** Where an organisation's system is reached for one interaction, joined from its two directory records. */
export interface DirectoryEntry {
  readonly odsCode: OdsCode;
  /** Receiver's ASID: `Ssp-To`. */
  readonly asid: string;
  readonly partyKey: string;
  /** FHIR service root, an opaque string: it is only ever concatenated, never parsed or normalised. */
  readonly serviceRootUrl: string;
}
