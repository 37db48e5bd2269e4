import type { NhsNumber } from "./nhs-number.js";
import type { OdsCode } from "./ods-code.js";

/** What somebody may do at their organisation, in the words of the national register of roles. */
export interface CallerRole {
  /** `S8000:G8000:R8000`. */
  readonly code?: string | undefined;
  readonly name?: string | undefined;
}

/** The named person on whose behalf a call is made. Fixed or generic users are not persons (gate G1). */
export interface CallerPerson {
  /** Id of the user in the calling system, in the form of a FHIR id: practices read it as one. */
  readonly localId: string;
  /** The same as the calling system writes it, where that is no FHIR id. For the audit. */
  readonly subject?: string | undefined;
  readonly family: string;
  readonly given: readonly string[];
  readonly prefix: readonly string[];
  /** SDS user id and role profile id from the smartcard; without one the tokens say `UNK`. */
  readonly sdsUserId?: string | undefined;
  readonly sdsRoleProfileId?: string | undefined;
  readonly role?: CallerRole | undefined;
}

/** Words that stand where a name should when an account belongs to nobody in particular. */
const GENERIC_WORDS = new Set(
  (
    "account admin administrator agency anonymous application bank bot clerk client clinician default desk doctor dr " +
    "duty generic gp guest locum n/a nobody none nurse practice practitioner reception receptionist secretary service " +
    "shared staff system team temp temporary trainee unk unknown user"
  ).split(" "),
);

/**
 * Gate G1: whether an account names a person. It takes an id, a family and a given name, and a name that is not made of
 * such words alone: `Reception Desk` and `Locum GP 2` are not persons, Grace Nurse is.
 */
export function namesPerson({ localId, family, given }: CallerPerson): boolean {
  if (localId === "" || !/\p{L}/u.test(family) || !given.some((name) => /\p{L}/u.test(name))) return false;
  const words = [family, ...given].flatMap((name) => name.toLowerCase().split(/[\s\d._-]+/));
  return words.some((word) => /\p{L}/u.test(word) && !GENERIC_WORDS.has(word));
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
  /** The only patients that the caller may query (gate G2). Left out: any patient, and the token issuer is responsible. */
  readonly patients?: readonly NhsNumber[] | undefined;
}

/** What the consumer's system says of itself in each audit token. */
export interface ConsumerSystem {
  /** URL of the consumer system: the tokens' issuer. */
  readonly url: string;
  readonly product: string;
  readonly version: string;
}
