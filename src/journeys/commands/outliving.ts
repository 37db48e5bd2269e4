import { signalUntil } from "../../platform/resilience/deadline.js";
import type { JourneyContext } from "../journey-context.js";

/** Longer than any one look at a practice, repeats included. */
const LOOK_MS = 30_000;

/** The same context for what must be found out whether or not the request has ended. */
export function outliving(context: JourneyContext): JourneyContext {
  return { ...context, call: { ...context.call, signal: signalUntil(LOOK_MS) } };
}
