import type { z } from "zod";
import type { StubResponse } from "./mutate.js";

/** One operation of a client, with the documents that its service sends for it. */
export interface Operation {
  readonly name: string;
  readonly seeds: readonly StubResponse[];
  /** Responses by which the service refuses. */
  readonly refusals?: readonly StubResponse[];
  /** The type of the result, in every member. */
  readonly schema: z.ZodType;
  /**
   * Gives the document to the real client and returns the client's result.
   *
   * @throws what the client throws; Broken when a promise of this operation is broken.
   */
  readonly call: (response: StubResponse) => Promise<unknown>;
}

/** A service and the operations of its client. */
export interface Target {
  readonly name: string;
  readonly operations: readonly Operation[];
}
