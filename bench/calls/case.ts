import type { Answered, Question } from "../kit/graph.js";
import type { NaiveSteps } from "../kit/naive-steps.js";
import type { Budget } from "./budget.js";

/** Asks within the session of the run. */
export type AskInSession = (question: Question) => Promise<Answered>;

/** One line of the table of design section 5. */
export interface Case {
  readonly name: string;
  /** What is measured. Before it, `prepare` may ask what it depends on, in the same session. */
  readonly question: Question;
  readonly prepare?: (ask: AskInSession) => Promise<Question>;
  /** With nothing cached; left out where the table has no such column. */
  readonly cold?: Budget;
  /** In the same session, again. */
  readonly again?: Budget;
  /** The same answer, fetched one call after another. */
  readonly naive: (steps: NaiveSteps) => Promise<void>;
  /** The naive sequence is measured at most so often, where one run of it takes half a minute. */
  readonly mostNaiveRuns?: number;
}
