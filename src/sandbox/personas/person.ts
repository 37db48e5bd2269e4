/** What Visitors & Migrants holds about a person; either component may be missing, and so may the date. */
export interface MigrantRecord {
  readonly status?: readonly [code: string, display: string];
  readonly category?: readonly [code: string, display: string];
  readonly effectiveAt?: string;
}

/** Who somebody is, invented from end to end. */
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

/** What makes somebody a case worth having. */
export interface PersonCase {
  /** The case that this person stands for, in one sentence. */
  readonly case: string;
  readonly email?: string;
  readonly confidentiality?: "R" | "V";
  readonly deceasedAt?: string;
  /** PDS: `superseded` leads to another number, `invalidated` to a 404, `unknown` is not on PDS at all. */
  readonly standing?: "invalidated" | "unknown" | { readonly supersededBy: string };
  /** The registered practice as PDS has it; a period with an end has lapsed. */
  readonly registeredAt?: { readonly odsCode: string; readonly from: string; readonly until?: string };
  /** How the practice knows the person; left out, the practice has never heard of them. */
  readonly knownAt?: { readonly odsCode: string; readonly family?: string };
  readonly migrant?: MigrantRecord;
}

/** A synthetic person: the facts from which each service makes its own resource. */
export type Person = Identity & PersonCase;
