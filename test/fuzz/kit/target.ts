import type { z } from "zod";
import type { Answer } from "./mutate.js";

/** One way of asking a service, with documents that answer it. */
export interface Question {
  readonly name: string;
  readonly seeds: readonly Answer[];
  /** Answers by which the service says no. */
  readonly refusals?: readonly Answer[];
  /** What the result must be, in every member. */
  readonly schema: z.ZodType;
  /**
   * Gives the document to the real client and returns what the client makes of it.
   *
   * @throws what the client throws; Broken for a promise of this question's own.
   */
  readonly ask: (answer: Answer) => Promise<unknown>;
}

/** A service and all the ways of asking it. */
export interface Target {
  readonly name: string;
  readonly questions: readonly Question[];
}
