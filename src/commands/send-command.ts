import { awaitOutcome } from "./await-outcome.js";
import type {
  ClaimedOf,
  CommandDefinition,
  CommandTypes,
  Finding,
  IntentOf,
  SendEnd,
} from "./command-definition.js";
import { countSends, endSends } from "./command-intent.js";
import { detachedFromRequest } from "./detached-from-request.js";
import {
  persistConfirmed,
  persistFinding,
  persistMismatch,
  persistRefusal,
  persistUnknown,
  releaseUnsent,
  throwNotDone,
} from "./persist-outcome.js";

/** How often one key sends at most. */
export const MAX_SENDS = 5;

/**
 * Sends a claimed command and reconciles it (design section 9). Each send is stored before it leaves.
 *
 * The resend rule: after an unclear end nothing is sent again until the late-commit bound has passed and a read-back
 * after it shows the command absent. A send that provably never reached the practice is sent again at once, once. The
 * end of the request stops neither a send nor its read-back.
 *
 * @throws UpstreamError when the command was not carried out and will not be.
 */
export async function sendCommand<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  first: ClaimedOf<T>,
  firstReady: T["ready"],
  context: T["context"],
): Promise<T["outcome"]> {
  let claimed = first;
  let ready = firstReady;
  let mayResendAtOnce = true;
  for (;;) {
    const end = await definition.send(ready, claimed, context);
    if (end.kind === "confirmed") return persistConfirmed(definition, claimed, end.found, context);
    if (end.kind === "refused") {
      return persistRefusal(definition, claimed, { error: end.error, ready }, context);
    }
    let base: ClaimedOf<T>;
    if (end.kind === "unsent") {
      const next = mayResendAtOnce && (await definition.prepareResend(ready, end.error, context));
      if (!next || context.call.signal.aborted) {
        await releaseUnsent(claimed, context);
        throw end.error;
      }
      ready = next;
      mayResendAtOnce = false;
      base = { ...claimed, intent: endSends(claimed.intent, "unsent") };
    } else {
      const certainty = await reconcileSend(definition, claimed, { end, ready }, context);
      if (certainty.kind === "outcome") return certainty.outcome;
      base = { ...certainty.claimed, intent: endSends(certainty.claimed.intent) };
      if (countSends(base.intent) >= MAX_SENDS || context.call.signal.aborted) {
        return throwNotDone(definition, base, context);
      }
    }
    const next = await claimNextSend<T>(base, context);
    if (next === undefined)
      return definition.toUnknown(claimed.intent.details.handle, context.commands.latestSettlesAt());
    claimed = next;
  }
}

/** Reads back after a send that the practice has not confirmed. */
async function reconcileSend<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  sent: ClaimedOf<T>,
  { end, ready }: { readonly end: SendEnd<T["found"]>; readonly ready: T["ready"] },
  context: T["context"],
): ReturnType<typeof awaitOutcome<T>> {
  const { commands } = context;
  commands.startBound(sent);
  const read = () => readBack(definition, ready, sent, end.kind, context);
  if (end.kind === "mismatch") {
    const marked = await persistMismatch(sent, context);
    return awaitOutcome(definition, marked, read, context);
  }
  if (end.kind !== "conflict" && end.kind !== "not-done") {
    return awaitOutcome(definition, sent, read, context);
  }
  // The practice has responded: the send can have no further effect, and there is nothing to wait for.
  const finding = await read();
  const ended = { ...sent, intent: endSends(sent.intent) };
  const outcome = await persistFinding(definition, ended, finding, context);
  if (outcome) return { kind: "outcome", outcome };
  if (finding.kind !== "absent") {
    const unknown = await persistUnknown(sent, context);
    const { handle } = sent.intent.details;
    return { kind: "outcome", outcome: definition.toUnknown(handle, commands.settlesAt(unknown)) };
  }
  if (end.kind === "not-done") return throwNotDone(definition, sent, context);
  return {
    kind: "outcome",
    outcome: await persistRefusal(definition, sent, { error: end.error, ready }, context),
  };
}

async function readBack<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  ready: T["ready"],
  claimed: ClaimedOf<T>,
  end: SendEnd<T["found"]>["kind"],
  context: T["context"],
): Promise<Finding<T>> {
  try {
    return await definition.readBack(ready, claimed, end, detachedFromRequest(context));
  } catch {
    // The failure was audited where it happened, and says nothing about the command.
    return { kind: "unreadable" };
  }
}

/** Each further send is stored before it leaves, like the first. */
async function claimNextSend<T extends CommandTypes>(
  base: ClaimedOf<T>,
  { commands, clock }: T["context"],
): Promise<ClaimedOf<T> | undefined> {
  const { intent } = base;
  const sends = [...intent.sends, { at: clock.now(), end: "open" } as const];
  const state = { name: "sending", until: commands.leaseEnd() } as const;
  const next: IntentOf<T> = { ...intent, sends, state };
  const claim = await commands.store.replace(base, next).catch(() => undefined);
  return claim?.kind === "claimed" ? claim.claimed : undefined;
}
