import type { UpstreamError } from "../../platform/errors.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import { upstreamError } from "../../upstreams/upstream-errors.js";
import { askedBy } from "../commands/asked-by.js";
import { type NamedCommand, requireSameContent } from "../commands/command-key.js";
import type { JourneyContext } from "../journey-context.js";
import { asChange, type ChangeIntent, type HeldChange } from "./change-intent.js";
import type { Wish } from "./wish.js";

export interface ChangeToSend {
  readonly command: NamedCommand;
  readonly reference: AppointmentReference;
  readonly wish: Wish;
  readonly version: string;
}

/**
 * Writes the change down before it leaves.
 *
 * @param before the intent of an earlier ask under the key, which reading again has shown not to have been carried out.
 * @returns undefined when somebody else is at work on the key, or has been in the meantime.
 */
export async function takeUpChange(
  { command, reference, wish, version }: ChangeToSend,
  before: HeldChange | undefined,
  context: JourneyContext,
): Promise<HeldChange | undefined> {
  const { commands, call, clock } = context;
  if (call.signal.aborted) throw tooLate();
  const intent: ChangeIntent = {
    kind: wish.kind,
    content: command.content,
    asked: { ...askedBy(command.handle, call), reference, wish, version },
    sends: [...(before?.intent.sends ?? []), { at: clock.now(), end: "open" }],
    state: { name: "sending", until: commands.lease() },
  };
  if (before) return commands.intents.replace(before, intent);
  const claim = await commands.intents.claim(command.key, intent);
  if (claim.kind === "claimed") return claim.held;
  requireSameContent(asChange(claim.by), command);
  return undefined;
}

function tooLate(): UpstreamError {
  return upstreamError({ service: "SSP", code: "UPSTREAM_TIMEOUT", retryable: true });
}
