import type { GraphqlRequest, TimedResponse } from "../kit/graph.js";
import type { NaiveSteps } from "../kit/naive-steps.js";
import type { MinimumCost } from "./minimum-cost.js";

/** Sends a request within the session of the run. */
export type SendInSession = (request: GraphqlRequest) => Promise<TimedResponse>;

/** One line of the table of design section 5. */
export interface Case {
  readonly name: string;
  /** The measured request. `prepare` may build it from earlier requests in the same session. */
  readonly request: GraphqlRequest;
  readonly prepare?: (send: SendInSession) => Promise<GraphqlRequest>;
  /** With an empty cache; absent if the table has no such column. */
  readonly cold?: MinimumCost;
  /** For the second time in the same session. */
  readonly again?: MinimumCost;
  /** The same data, fetched one call after another. */
  readonly naive: (steps: NaiveSteps) => Promise<void>;
  /** The maximum number of naive runs, for a sequence that takes half a minute. */
  readonly maxNaiveRuns?: number;
}
