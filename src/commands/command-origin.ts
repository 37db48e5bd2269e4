import type { Caller } from "../domain/caller.js";
import type { SpanReference } from "../platform/telemetry/tracing.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { Intent } from "./command-intent.js";

/** Who sent a command. Stored with it, so that the sweeper can reconcile it in their name. */
export interface CommandOrigin {
  /** The key as the caller knows it. */
  readonly handle: string;
  readonly caller: Caller;
  /** Correlates what is found out later with the journey that sent the command. */
  readonly correlationId: string;
  /** The span of the operation that sent it. Absent when that was not recorded, or an older version stored the command. */
  readonly span?: SpanReference | undefined;
  /** The caller's own sign-in, where PDS needs it. It expires by itself, and is removed once the outcome is known. */
  readonly idToken?: string | undefined;
}

export function toCommandOrigin(
  handle: string,
  { caller, correlationId, span, idToken }: CallContext,
): CommandOrigin {
  return {
    handle,
    caller,
    correlationId,
    ...(span && { span }),
    ...(idToken && { idToken: idToken.reveal() }),
  };
}

/** The intent without what only reconciliation needs. */
export function withoutSignIn<I extends Intent<CommandOrigin>>(intent: I): I {
  return { ...intent, details: { ...intent.details, idToken: undefined } };
}
