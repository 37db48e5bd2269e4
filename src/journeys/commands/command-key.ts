import { BadUserInputError } from "../../platform/errors.js";
import type { Held, IntentKind } from "../../platform/intents/index.js";
import type { JourneyContext } from "../journey-context.js";

/** A command under its key, of which the content may be sent once. */
export interface NamedCommand {
  /** The key as the caller knows it: theirs, or ours in its place. */
  readonly handle: string;
  /** Whether it may have been asked for before: a key of our own making is new. */
  readonly wasGiven: boolean;
  /** Under which the intent is kept. */
  readonly key: string;
  readonly content: string;
}

const MAX_KEY = 200;

/**
 * Gives a command its key (design section 9). A key belongs to the caller's organisation, and to one kind of command.
 *
 * @param content all that a second ask under the key must have in common with the first.
 * @throws BadUserInputError for a key that is none.
 */
export function nameCommand(
  kind: IntentKind,
  given: string | undefined,
  content: readonly unknown[],
  { commands, call }: JourneyContext,
): NamedCommand {
  if (given !== undefined && (given.trim() === "" || given.length > MAX_KEY)) {
    throw new BadUserInputError(
      "input.idempotencyKey",
      `The idempotency key must not be blank, and at most ${MAX_KEY} characters long.`,
    );
  }
  const handle = given ?? commands.newKey();
  return {
    handle,
    wasGiven: given !== undefined,
    key: commands.intents.keyFor(kind, call.caller.organisation.odsCode, handle),
    content: commands.intents.contentOf(content),
  };
}

/** @throws BadUserInputError when something else was sent under the key. */
export function requireSameContent({ intent }: Held, { content }: NamedCommand): void {
  if (intent.content === content) return;
  throw new BadUserInputError(
    "input.idempotencyKey",
    "This idempotency key was used for something else. Every new request needs a key of its own.",
  );
}
