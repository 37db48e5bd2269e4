import type { Scope } from "../domain/scope.js";
import type { JourneyContext } from "../journeys/journey-context.js";
import type { ResponseSize } from "./response-size.js";

/** What resolvers are given for one GraphQL operation. Built in `server/request-context.ts`. */
export interface GraphContext extends JourneyContext {
  /** The moment the operation began, milliseconds since the epoch: "now" is the same for all of its fields. */
  readonly now: number;
  /** Counts the listed items of the response, up to its limit. */
  readonly responseSize: ResponseSize;
  /** The permissions of the caller. */
  readonly scopes: ReadonlySet<Scope>;
}
