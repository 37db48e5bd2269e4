import { GraphQLError, Kind } from "graphql";
import { findVariableErrors, setVariableError } from "../errors/variable-errors.js";
import type { OperationPlugin } from "./operation-plugin.js";

/** Finds the faulty variables for `formatError`, which knows neither the schema nor the variables of a request. */
export const variableErrorsPlugin: OperationPlugin = {
  didEncounterErrors({ errors, operation, request, schema }) {
    const faulty = errors.filter(isVariableError);
    if (faulty.length === 0 || !operation) return;
    const descriptions = findVariableErrors(schema, operation, request.variables ?? {});
    // graphql-js reports the same faults in the same order.
    for (const [index, error] of faulty.entries()) {
      const description = descriptions[index];
      if (description !== undefined) setVariableError(error, description);
    }
  },
};

const isVariableError = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION && !error.path;
