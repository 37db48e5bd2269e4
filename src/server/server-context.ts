import type { GraphContext } from "../graph/context.js";
import type { OperationTrace } from "../platform/telemetry/tracing.js";
import type { Refusal } from "./auth/refusals.js";

/** The graph's context, and what only the server needs of the request. */
export interface ServerContext extends GraphContext {
  /** True when the caller requested the call log and may see it. */
  readonly trace: boolean;
  /** Set when gate G1 denies the caller every operation. */
  readonly refusal?: Refusal | undefined;
  /** The span of the operation. Undefined when the request is not recorded. */
  readonly operationTrace?: OperationTrace | undefined;
}
