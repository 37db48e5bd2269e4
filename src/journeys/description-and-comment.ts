import { BadUserInputError } from "../platform/errors.js";

/** GP Connect notes, 8.5. Longer texts are refused, never cut: the end of a sentence may be the part that matters. */
const MAX_DESCRIPTION = 100;
const MAX_COMMENT = 500;

/** @throws BadUserInputError naming the argument. */
export function checkDescription(description: string, field: string): void {
  if (description.trim() === "") throw new BadUserInputError(field, "The description must not be blank.");
  checkLength("description", description, MAX_DESCRIPTION, field);
}

/** @throws BadUserInputError naming the argument. */
export function checkComment(comment: string | undefined, field: string): void {
  if (comment !== undefined) checkLength("comment", comment, MAX_COMMENT, field);
}

function checkLength(what: string, text: string, most: number, field: string): void {
  if (text.length <= most) return;
  throw new BadUserInputError(
    field,
    `The ${what} has ${text.length} characters; at most ${most} are allowed.`,
  );
}

/** The description and the comment of an appointment, as requested or as kept. */
export interface DescriptionAndComment {
  readonly description?: string | undefined;
  readonly comment?: string | undefined;
}

/**
 * What the caller should know about how the practice kept the description and the comment: one sentence for each field
 * that it changed. A field that was not requested may be anything; an empty one removes the element.
 */
export function warningsOnTexts(requested: DescriptionAndComment, kept: DescriptionAndComment): string[] {
  return (["description", "comment"] as const)
    .filter((field) => !isSameText(requested[field], kept[field]))
    .map((field) => `The practice changed the ${field}. Show the ${field} that it kept.`);
}

/** A field that was not requested may be anything; an empty one removes the element. */
export function isSameText(requested: string | undefined, kept: string | undefined): boolean {
  return requested === undefined || requested === (kept ?? "");
}

/**
 * Whether the practice may have kept the requested texts in its own form: some systems append the comment to the
 * description, cut a text off, or change its case and spaces.
 */
export function isKeptForm(requested: DescriptionAndComment, kept: DescriptionAndComment): boolean {
  const texts = { description: normalise(kept.description), comment: normalise(kept.comment) };
  const description = normalise(requested.description);
  const comment = normalise(requested.comment);
  const isDescriptionKept = requested.description === undefined || isPartOf(description, texts.description);
  const isCommentKept =
    requested.comment === undefined ||
    isPartOf(comment, texts.comment) ||
    (comment !== "" && texts.description.includes(comment));
  return isDescriptionKept && isCommentKept;
}

/**
 * One is cut from the other, or something was added to it: whole words, so that "Review 1" is no part of "Review 11". A cut
 * may end inside a word, but not inside a number: "Room 1" is more likely another person's text than a part of "Room 12".
 */
function isPartOf(requested: string, kept: string): boolean {
  if (requested === kept) return true;
  if (requested === "" || kept === "") return false;
  return hasWords(kept, requested) || isCutFrom(requested, kept);
}

function isCutFrom(requested: string, kept: string): boolean {
  if (!requested.startsWith(kept)) return false;
  return !(isDigit(kept.at(-1)) && isDigit(requested[kept.length]));
}

function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const [before = "", after = ""] = [text[at - 1], text[at + words.length]];
    if (!isWordCharacter(before) && !isWordCharacter(after)) return true;
  }
  return false;
}

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && /\p{N}/u.test(character);
}

function normalise(text: string | undefined): string {
  return (text ?? "").trim().replace(/\s+/g, " ").toLowerCase();
}
