import { refusalWords } from "../domain/refusal-words.js";
import { UpstreamError } from "../platform/errors.js";

/** A practice, or the proxy on its behalf, says no: an outcome that a person can act on (assurance notes, 2.3). */
export interface PracticeRefusal {
  readonly kind: "practice-refused";
  readonly code: string;
  readonly message: string;
}

/** Which refusals are outcomes; every other failure stays an error. */
export function asPracticeRefusal(error: unknown): PracticeRefusal | undefined {
  if (!(error instanceof UpstreamError) || error.reason === undefined) return undefined;
  const message = refusalWords(error.reason);
  return message === undefined ? undefined : { kind: "practice-refused", code: error.reason, message };
}

/** Runs the steps of a command; a refusal on the way ends it as an outcome. */
export async function orRefusal<T>(steps: () => Promise<T>): Promise<T | PracticeRefusal> {
  try {
    return await steps();
  } catch (error) {
    const refusal = asPracticeRefusal(error);
    if (refusal) return refusal;
    throw error;
  }
}
