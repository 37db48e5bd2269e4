import {
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  graphql,
  parse,
  validate,
} from "graphql";
import { executePlan } from "../../src/graph/execution/execute-plan.js";
import { QueryPlanner } from "../../src/graph/execution/query-planner.js";

/** The suites run over either engine: with `COMPILED_EXECUTION=false` over graphql-js. */
export const IS_COMPILED = process.env.COMPILED_EXECUTION !== "false";

export interface Execution {
  readonly schema: GraphQLSchema;
  readonly source: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly context?: unknown;
}

/** By a plan where there can be one; undefined where the server leaves the operation to graphql-js. */
export async function executeCompiled({
  schema,
  source,
  variables = {},
  context,
}: Execution): Promise<ExecutionResult | undefined> {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation || validate(schema, document).length > 0) return undefined;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  const plan = coerced && new QueryPlanner(schema).planFor(document, operation, coerced);
  return plan && executePlan(plan, context, coerced);
}

/** As the server executes it. */
export async function executeAsServed(execution: Execution): Promise<ExecutionResult> {
  const compiled = IS_COMPILED && isParsable(execution.source) ? await executeCompiled(execution) : undefined;
  if (compiled) return compiled;
  const { schema, source, variables, context } = execution;
  return graphql({ schema, source, contextValue: context, ...(variables && { variableValues: variables }) });
}

function isParsable(source: string): boolean {
  try {
    parse(source);
    return true;
  } catch {
    return false;
  }
}
