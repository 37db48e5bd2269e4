import { LimitError } from "../errors.js";
import type { ResiliencePipeline } from "./pipeline.js";

/**
 * A pipeline for one operation that sends no more than so many calls. What an operation may cost is checked before it
 * runs; this holds although a list is longer than the price assumes.
 *
 * A write is never refused: by then its journey has made its reads, and must be able to end what it began.
 */
export function withCallBudget(pipeline: ResiliencePipeline, maxCalls: number): ResiliencePipeline {
  let calls = 0;
  return {
    async run(call, attempt) {
      calls += 1;
      if (calls > maxCalls && call.purpose === "read") {
        throw new LimitError(
          "QUERY_TOO_COSTLY",
          `The operation needs more than ${maxCalls} upstream calls. Ask for fewer items or fewer fields.`,
        );
      }
      return pipeline.run(call, attempt);
    },
  };
}
