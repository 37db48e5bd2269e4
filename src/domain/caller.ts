import type { OdsCode } from "./ods-code.js";

/** The named person on whose behalf a call is made. Fixed or generic users are not persons (gate G1). */
export interface CallerPerson {
  /** Id of the user in the calling system. */
  readonly localId: string;
  readonly family: string;
  readonly given: readonly string[];
  readonly prefix: readonly string[];
  /** SDS user id and role profile id from the smartcard; without one the tokens say `UNK`. */
  readonly sdsUserId?: string | undefined;
  readonly sdsRoleProfileId?: string | undefined;
}

/** The organisation where that person sits, never the host of a shared system. */
export interface CallerOrganisation {
  readonly odsCode: OdsCode;
  readonly name: string;
  /** ASID of the consumer system at this organisation: `Ssp-From`. */
  readonly asid: string;
  /** Call-back number that a booking carries. */
  readonly phone: string;
  /** `gp-practice` or `urgent-care`; sent as a slot filter and repeated in the booking. Left out, no type is sent. */
  readonly type?: string | undefined;
}

export interface Caller {
  readonly person: CallerPerson;
  readonly organisation: CallerOrganisation;
}

/** What the consumer's system says of itself in each audit token. */
export interface ConsumerSystem {
  /** URL of the consumer system: the tokens' issuer. */
  readonly url: string;
  readonly product: string;
  readonly version: string;
}
