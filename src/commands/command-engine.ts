import { UpstreamError } from "../platform/errors.js";
import { upstreamError } from "../upstreams/upstream-errors.js";
import type { ClaimedOf, CommandDefinition, CommandTypes, IntentOf } from "./command-definition.js";
import { lastOpenSend } from "./command-intent.js";
import { type KeyedCommand, requireSameContent, toKeyedCommand } from "./command-key.js";
import { toCommandOrigin } from "./command-origin.js";
import { outcomeInTime } from "./in-flight.js";
import { type EarlierRequest, replayEarlierRequest } from "./replay.js";
import { sendCommand } from "./send-command.js";

/** A command as the caller requested it. */
export interface CommandRequest<T extends CommandTypes> {
  /** The caller's key, if one was given. */
  readonly idempotencyKey: string | undefined;
  /** Everything that a second request under the key must have in common with the first. */
  readonly content: readonly unknown[];
  /** The gates and preconditions. An outcome that is not `ready` ends the command and binds no key: nothing was sent. */
  readonly prepare: () => Promise<T["ready"] | T["outcome"]>;
}

/**
 * Runs a command: replay what the key is bound to, prepare, claim, send, reconcile, save (design section 9).
 *
 * The intent is stored and confirmed before the command leaves. From then on neither the caller's disconnect nor the
 * deadline stops it; at the deadline the caller is told that the outcome is not known.
 *
 * @throws BadUserInputError for a bad key; UpstreamError when the command was not carried out and will not be.
 */
export async function runCommand<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  { idempotencyKey, content, prepare }: CommandRequest<T>,
  context: T["context"],
): Promise<T["outcome"]> {
  const command = toKeyedCommand(definition.kind, idempotencyKey, content, context);
  const unknown = () => definition.toUnknown(command);

  // A bound key replays its outcome, whatever has changed since.
  const earlier: EarlierRequest<T> = command.isGiven
    ? await replayEarlierRequest(definition, command, context)
    : { kind: "free" };
  if (earlier.kind === "answered") return earlier.outcome;
  const previous = earlier.claimed;

  const ready = await unknownWhileOpen<T, T["ready"]>(previous, unknown, prepare);
  if (!isReady<T>(ready)) return ready;

  const claim = await unknownWhileOpen<T, ClaimResult<T>>(previous, unknown, () =>
    claimInTime(definition, { ready, command, previous }, context),
  );
  if (!isReady<T, ClaimResult<T>>(claim)) return claim;
  const { claimed } = claim;
  if (claimed === undefined) {
    // Of several requests under one key, one sends. The others share its outcome, or are told that it is not known yet.
    const other = await replayEarlierRequest(definition, command, context);
    return other.kind === "answered" ? other.outcome : unknown();
  }
  const work = context.commands.inFlight.run(command.key, () =>
    sendCommand(definition, claimed, ready, context),
  );
  return outcomeInTime(work, context.call.signal, unknown);
}

interface ClaimResult<T extends CommandTypes> {
  readonly kind: "ready";
  /** Undefined when another request works on the key, or has done so in the meantime. */
  readonly claimed: ClaimedOf<T> | undefined;
}

interface ToClaim<T extends CommandTypes> {
  readonly ready: T["ready"];
  readonly command: KeyedCommand;
  /** The intent of an earlier request under the key, which was not carried out. */
  readonly previous: ClaimedOf<T> | undefined;
}

function isReady<T extends CommandTypes, R extends { readonly kind: "ready" } = T["ready"]>(
  step: R | T["outcome"],
): step is R {
  return step.kind === "ready";
}

/**
 * Runs a step before the send. While an earlier send under the key may still take effect, neither an outcome that ends
 * the step nor a fault may be told as "not done".
 */
async function unknownWhileOpen<T extends CommandTypes, R extends { readonly kind: "ready" }>(
  previous: ClaimedOf<T> | undefined,
  unknown: () => T["outcome"],
  step: () => Promise<R | T["outcome"]>,
): Promise<R | T["outcome"]> {
  if (previous === undefined || lastOpenSend(previous.intent) === undefined) return step();
  try {
    const end = await step();
    return isReady<T, R>(end) ? end : unknown();
  } catch (error) {
    if (error instanceof UpstreamError) return unknown();
    throw error;
  }
}

/** @throws UpstreamError when the request ended before anything left, or the intent cannot be stored. */
async function claimInTime<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  toClaim: ToClaim<T>,
  context: T["context"],
): Promise<ClaimResult<T>> {
  const { commands, call } = context;
  if (call.signal.aborted) throw requestEnded();
  const claimed = await claim(definition, toClaim, context);
  if (claimed && call.signal.aborted) {
    // Nothing has left: the key is as free, or as bound, as it was. If this cannot be saved, the intent reads
    // "sending" and the sweeper finds it absent.
    if (toClaim.previous) await commands.save(claimed, toClaim.previous.intent);
    else await commands.store.remove(claimed).catch(() => false);
    throw requestEnded();
  }
  return { kind: "ready", claimed };
}

async function claim<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  { ready, command, previous }: ToClaim<T>,
  { commands, call, clock }: T["context"],
): Promise<ClaimedOf<T> | undefined> {
  const origin = toCommandOrigin(command.handle, call);
  const intent: IntentOf<T> = {
    kind: definition.kind,
    content: command.content,
    details: definition.toDetails(ready, origin, previous?.intent.details),
    sends: [...(previous?.intent.sends ?? []), { at: clock.now(), end: "open" }],
    state: { name: "sending", until: commands.leaseEnd() },
  };
  if (previous) return commands.store.replace(previous, intent);
  const result = await commands.store.claim(command.key, intent);
  if (result.kind === "claimed") return result.claimed;
  requireSameContent(result.by, command);
  return undefined;
}

function requestEnded(): UpstreamError {
  return upstreamError({ service: "SSP", code: "UPSTREAM_TIMEOUT", retryable: true });
}
