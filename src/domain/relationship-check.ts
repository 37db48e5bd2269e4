import type { Caller } from "./caller.js";
import type { NhsNumber } from "./nhs-number.js";

/** Who wants to see which patient. */
export interface RelationshipQuery {
  readonly caller: Caller;
  readonly nhsNumber: NhsNumber;
  /** Of the request, for the log of the deployment's own system. */
  readonly correlationId: string;
  /** Aborts when nobody waits for the outcome any more. */
  readonly signal: AbortSignal;
}

/**
 * A deployment's own check of the legitimate relationship between a caller and a patient (gate G2). It is called once for
 * each patient of a request, after the token's own claim and before any upstream call. Only `"allowed"` opens the gate: a
 * refusal, any other value, an error and a time-out keep it closed.
 */
export type RelationshipCheck = (query: RelationshipQuery) => Promise<"allowed" | "refused">;
