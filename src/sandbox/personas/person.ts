/** The Visitors & Migrants record of a person. Every member may be absent. */
export interface MigrantRecord {
  readonly status?: readonly [code: string, display: string];
  readonly category?: readonly [code: string, display: string];
  readonly effectiveAt?: string;
}

/** Demographics of a synthetic person. */
export interface Identity {
  readonly nhsNumber: string;
  readonly prefix: string;
  readonly given: readonly string[];
  readonly family: string;
  readonly gender: "male" | "female" | "other" | "unknown";
  readonly birthDate: string;
  readonly lines: readonly string[];
  readonly city: string;
  readonly postalCode: string;
  readonly phone: string;
}

/** The case that a person represents. */
export interface PersonCase {
  /** The case that this person represents, in one sentence. */
  readonly case: string;
  readonly email?: string;
  readonly confidentiality?: "R" | "V";
  readonly deceasedAt?: string;
  /** Default: formal. `removed` has no date of death, only the notification status. */
  readonly deathNotice?: DeathNotice;
  /** Status on PDS. `supersededBy` leads to another number, `invalidated` gives 404, `unknown` is not on PDS. */
  readonly standing?: "invalidated" | "unknown" | { readonly supersededBy: string };
  /** The registered practice on PDS. A registration with an end date has lapsed. */
  readonly registeredAt?: { readonly odsCode: string; readonly from: string; readonly until?: string };
  /** The practice that holds a record of the person. Absent: no practice does. */
  readonly knownAt?: {
    readonly odsCode: string;
    readonly family?: string;
    readonly isInactive?: boolean;
    readonly isUnverified?: boolean;
    readonly isTemporary?: boolean;
  };
  readonly migrant?: MigrantRecord;
  readonly record?: RecordDetails;
}

/** How PDS was told of a death, or that the notification was an error. */
export type DeathNotice = "informal" | "formal" | "removed";

/** What only some PDS records have. Every member may be absent. */
export interface RecordDetails {
  /** The record has neither name nor gender nor birth date. */
  readonly isMinimal?: boolean;
  /** An earlier family name and postcode, which match with `_history` or in a fuzzy search. */
  readonly former?: { readonly family: string; readonly postalCode: string };
  readonly temporaryAddress?: {
    readonly lines: readonly string[];
    readonly postalCode: string;
    readonly from: string;
    readonly text: string;
  };
  readonly textphone?: string;
  /** Why the patient was removed from registration, with the end of the last registration. */
  readonly removal?: { readonly code: string; readonly display: string; readonly from: string };
  /** The record also has place of birth, language, contact preference, emergency contact and suppliers. */
  readonly isFull?: boolean;
  readonly relatives?: readonly Relative[];
}

/** A related person: a reference to another record, or personal details. */
export interface Relative {
  readonly id: string;
  readonly relationship: readonly [code: string, display: string];
  readonly person: { readonly nhsNumber: string } | { readonly given: string; readonly family: string };
}

/** A synthetic person. Each service derives its own resource from it. */
export type Person = Identity & PersonCase;
