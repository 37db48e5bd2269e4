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
