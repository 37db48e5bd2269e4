import type { Clock } from "../platform/clock.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { CommandCoordinator } from "./command-coordinator.js";

/** What the engine needs of a journey's context. */
export interface CommandContext {
  readonly call: CallContext;
  readonly clock: Clock;
  readonly commands: CommandCoordinator;
}
