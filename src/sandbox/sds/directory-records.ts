/** An AS record: one system accredited at one organisation (SDS notes, section 2). */
export interface AccreditedSystem {
  readonly asid: string;
  readonly odsCode: string;
  readonly partyKey: string;
  readonly manufacturer: string;
  readonly interactions: readonly string[];
}

/** An MHS record: the address of one interaction of a party. */
export interface MessageHandler {
  /** Id of the registration, which is not an ASID. */
  readonly id: string;
  readonly odsCode: string;
  readonly partyKey: string;
  readonly interaction: string;
  readonly address: string;
}
