import type { Caller } from "../../domain/caller.js";
import type { Intent } from "../../platform/intents/index.js";
import type { CallContext } from "../../upstreams/call-context.js";

/** Who sent a command, kept with it so that it can be looked after in their name. */
export interface AskedBy {
  /** The key as the caller knows it. */
  readonly handle: string;
  readonly caller: Caller;
  /** The journey that the command was a step of: what is found out later belongs to it. */
  readonly correlationId: string;
  /** The caller's own sign-in, where PDS asks for it. Runs out by itself, and is not kept once all is settled. */
  readonly idToken?: string | undefined;
}

export function askedBy(handle: string, { caller, correlationId, idToken }: CallContext): AskedBy {
  return { handle, caller, correlationId, ...(idToken && { idToken: idToken.reveal() }) };
}

/** The intent without what is needed only as long as somebody must look after it. */
export function withoutSignIn<I extends Intent<AskedBy>>(intent: I): I {
  return { ...intent, asked: { ...intent.asked, idToken: undefined } };
}
