import { signalUntil } from "../platform/resilience/deadline.js";
import type { CommandContext } from "./command-context.js";

/** Longer than any one read-back, retries included. */
const READ_BACK_MS = 30_000;

/** The same context for a read-back that must finish even if the request has ended. */
export function detachedFromRequest<C extends CommandContext>(context: C): C {
  return { ...context, call: { ...context.call, signal: signalUntil(READ_BACK_MS) } };
}
