import type { OdsCode } from "./ods-code.js";

/** A text to match as a whole, or as the beginning of a longer one. */
export interface TextPattern {
  readonly text: string;
  readonly isPrefix: boolean;
}

/** A whole date, `1952-05-31`, or a range with inclusive bounds, of which one may be absent. */
export type DateCriterion =
  | { readonly on: string }
  | { readonly from?: string | undefined; readonly to?: string | undefined };

/** The genders that PDS accepts in a search. */
export type SearchedGender = "male" | "female" | "other" | "unknown";

/** The details of a search for a person, checked against the rules of PDS (PDS notes, section 6). */
export interface TraceCriteria {
  readonly family?: TextPattern | undefined;
  /** In order. One element may be a compound name ("John Paul"); it is never split. */
  readonly given: readonly TextPattern[];
  readonly gender?: SearchedGender | undefined;
  readonly birthDate: DateCriterion;
  readonly deathDate?: DateCriterion | undefined;
  readonly postcode?: TextPattern | undefined;
  readonly practice?: OdsCode | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** Also match homophones and transposed names. */
  readonly isFuzzy: boolean;
  /** Match only records that agree in every detail. */
  readonly isExact: boolean;
  /** Also search earlier names, addresses and numbers. */
  readonly includesHistory: boolean;
  readonly maxResults?: number | undefined;
}

/**
 * Whether the search cannot find restricted records. PDS never returns one when a postcode or a practice is given,
 * because the result would reveal where the person lives (PDS notes, 6.4).
 */
export function hidesRestricted({ postcode, practice }: TraceCriteria): boolean {
  return postcode !== undefined || practice !== undefined;
}
