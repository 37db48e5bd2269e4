import { BadUserInputError } from "../platform/errors.js";
import type { CommandContext } from "./command-context.js";
import type { ClaimedIntent } from "./command-intent.js";

/** A command under its key. Its content may be sent once. */
export interface KeyedCommand {
  /** The key as the caller knows it: theirs, or one that we made. */
  readonly handle: string;
  /** Whether the caller gave the key, so that an earlier request may have used it. */
  readonly isGiven: boolean;
  /** The key of the intent in the store. */
  readonly key: string;
  readonly content: string;
}

const MAX_KEY = 200;

export interface ToKey {
  /** The key that the request came with. */
  readonly given: string | undefined;
  /** Whose key it is; the caller's organisation when left out. */
  readonly scope?: string | undefined;
  /** Everything that a second request under the key must have in common with the first. */
  readonly content: readonly unknown[];
}

/**
 * Gives a command its key (design section 9). A key belongs to the caller's organisation, and to one kind of command.
 *
 * @throws BadUserInputError for a blank or overlong key.
 */
export function toKeyedCommand(
  kind: string,
  { given, scope, content }: ToKey,
  { commands, call }: CommandContext,
): KeyedCommand {
  if (given !== undefined && (given.trim() === "" || given.length > MAX_KEY)) {
    throw new BadUserInputError(
      "input.idempotencyKey",
      `The idempotency key must not be blank, and at most ${MAX_KEY} characters long.`,
    );
  }
  const handle = given ?? commands.newKey();
  return {
    handle,
    isGiven: given !== undefined,
    key: commands.store.keyFor(kind, scope ?? call.caller.organisation.odsCode, handle),
    content: commands.store.contentOf(content),
  };
}

/** @throws BadUserInputError when other content was sent under the key. */
export function requireSameContent({ intent }: ClaimedIntent, { content }: KeyedCommand): void {
  if (intent.content === content) return;
  throw new BadUserInputError(
    "input.idempotencyKey",
    "This idempotency key was used for something else. Every new request needs a key of its own.",
  );
}
