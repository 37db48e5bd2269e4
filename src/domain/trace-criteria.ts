import type { OdsCode } from "./ods-code.js";

/** A text to be met whole, or as the beginning of a longer one. */
export interface TextPattern {
  readonly text: string;
  readonly isPrefix: boolean;
}

/** A whole date, `1952-05-31`, or two that bound a range and belong to it. */
export type DateCriterion = { readonly on: string } | { readonly from: string; readonly to: string };

/** What PDS compares letter by letter with its own list. */
export type SearchedGender = "male" | "female" | "other" | "unknown";

/** Details by which a person is looked for, checked against the rules of the search (PDS notes, section 6). */
export interface TraceCriteria {
  readonly family?: TextPattern | undefined;
  /** First name first. One element may be a compound name ("John Paul"); it is never split. */
  readonly given: readonly TextPattern[];
  readonly gender?: SearchedGender | undefined;
  readonly birthDate: DateCriterion;
  readonly deathDate?: DateCriterion | undefined;
  readonly postcode?: TextPattern | undefined;
  readonly practice?: OdsCode | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** Homophones and transposed names are found too. */
  readonly isFuzzy: boolean;
  /** Only what agrees in everything. */
  readonly isExact: boolean;
  /** Earlier names, addresses and numbers are searched too. */
  readonly includesHistory: boolean;
  readonly maxResults?: number | undefined;
}

/**
 * Whether the search cannot see restricted records, whoever is meant: PDS never returns one when a postcode or a
 * practice is named, since the answer would tell where the person lives (PDS notes, 6.4).
 */
export function hidesRestricted({ postcode, practice }: TraceCriteria): boolean {
  return postcode !== undefined || practice !== undefined;
}
