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
}

/** A synthetic person. Each service derives its own resource from it. */
export type Person = Identity & PersonCase;
