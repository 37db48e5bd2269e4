import type { UpstreamError } from "../platform/errors.js";
import { upstreamError } from "../upstreams/upstream-errors.js";
import type { ClaimedOf, CommandDefinition, CommandTypes, IntentOf } from "./command-definition.js";
import { type KeyedCommand, requireSameContent, toKeyedCommand } from "./command-key.js";
import { toCommandOrigin } from "./command-origin.js";
import { outcomeInTime } from "./in-flight.js";
import { releaseUnsent } from "./persist-outcome.js";
import { type EarlierRequest, replayEarlierRequest } from "./replay.js";
import { sendCommand } from "./send-command.js";

/** A command as the caller requested it. */
export interface CommandRequest<T extends CommandTypes> {
  /** The caller's key, if one was given, or the command's own. */
  readonly idempotencyKey: string | undefined;
  /** Whose key it is; the caller's organisation when left out. */
  readonly scope?: string | undefined;
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
  request: CommandRequest<T>,
  context: T["context"],
): Promise<T["outcome"]> {
  try {
    const outcome = await runUncounted(definition, request, context);
    context.commands.noteOutcome(definition.kind, outcome.kind);
    return outcome;
  } catch (error) {
    context.commands.noteOutcome(definition.kind, "error");
    throw error;
  }
}

async function runUncounted<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  { idempotencyKey, scope, content, prepare }: CommandRequest<T>,
  context: T["context"],
): Promise<T["outcome"]> {
  const { commands, call } = context;
  const command = toKeyedCommand(definition.kind, { given: idempotencyKey, scope, content }, context);

  // A bound key replays its outcome, whatever has changed since.
  const earlier: EarlierRequest<T> = command.isGiven
    ? await replayEarlierRequest(definition, command, context)
    : { kind: "free" };
  if (earlier.kind === "answered") return earlier.outcome;

  const ready = await prepare();
  if (!isReady<T>(ready)) return ready;

  const claim = await claimInTime(definition, { ready, command, previous: earlier.claimed }, context);
  if (claim.kind === "conflict") return definition.toResourceConflict(ready, context);
  if (claim.kind !== "claimed") {
    // Of several requests under one key, one sends. The others share its outcome, or are told that it is not known yet.
    const other = await replayEarlierRequest(definition, command, context);
    if (other.kind === "answered") return other.outcome;
    return definition.toUnknown(command.handle, commands.latestSettlesAt());
  }
  const { claimed } = claim;
  const work = commands.inFlight.run(command.key, () => sendCommand(definition, claimed, ready, context));
  return outcomeInTime(work, call.signal, () =>
    definition.toUnknown(command.handle, commands.settlesAt(claimed)),
  );
}

interface ToClaim<T extends CommandTypes> {
  readonly ready: T["ready"];
  readonly command: KeyedCommand;
  /** The intent of an earlier request under the key, which was not carried out. */
  readonly previous: ClaimedOf<T> | undefined;
}

type ClaimResult<T extends CommandTypes> =
  | { readonly kind: "claimed"; readonly claimed: ClaimedOf<T> }
  /** Another request works on the key, or has done so in the meantime. */
  | { readonly kind: "taken" | "stale" }
  /** Another command may still take effect on one of the resources. */
  | { readonly kind: "conflict" };

function isReady<T extends CommandTypes>(step: T["ready"] | T["outcome"]): step is T["ready"] {
  return step.kind === "ready";
}

/**
 * Stores the intent, with its claims on resources, before anything leaves.
 *
 * @throws UpstreamError when the request ended before anything left, or the intent cannot be stored.
 */
async function claimInTime<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  toClaim: ToClaim<T>,
  context: T["context"],
): Promise<ClaimResult<T>> {
  if (context.call.signal.aborted) throw requestEnded();
  const claim = await claimIntent(definition, toClaim, context);
  if (claim.kind !== "claimed" || !context.call.signal.aborted) return claim;
  await releaseUnsent(claim.claimed, context);
  throw requestEnded();
}

async function claimIntent<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  { ready, command, previous }: ToClaim<T>,
  { commands, call, clock }: T["context"],
): Promise<ClaimResult<T>> {
  const origin = toCommandOrigin(command.handle, call);
  const details = definition.toDetails(ready, origin, previous?.intent.details);
  const intent: IntentOf<T> = {
    kind: definition.kind,
    content: command.content,
    resources: definition.toResources(details),
    details,
    sends: [...(previous?.intent.sends ?? []), { at: clock.now(), end: "open" }],
    state: { name: "sending", until: commands.leaseEnd() },
  };
  if (previous) return commands.store.replace(previous, intent, call.audit);
  const claim = await commands.store.claim(command.key, intent, call.audit);
  if (claim.kind === "taken") requireSameContent(claim.by, command);
  return claim;
}

function requestEnded(): UpstreamError {
  return upstreamError({ service: "SSP", code: "UPSTREAM_TIMEOUT", retryable: true });
}
