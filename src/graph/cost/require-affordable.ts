import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  ValidationContext,
} from "graphql";
import { createComplexityRule } from "graphql-query-complexity";
import { LimitError } from "../../platform/errors.js";
import { createFieldEstimator, referencesOf } from "./field-price.js";
import { readOperationShape } from "./operation-shape.js";

export interface CostLimits {
  /** Highest price: an object counts 1, an upstream call {@link CALL_PRICE}. */
  readonly maxCost: number;
  /** Longest path of fields. */
  readonly maxDepth: number;
}

/** One operation of a valid document, before its execution. */
export interface PricedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** "Now" of the operation: the windows of a search without `from` start here. */
  readonly now: number;
}

/** References that a router may send at once. */
export const MAX_REFERENCES = 1_000;

/** Selections when all fragments are spread. The documented operations have at most a hundred. */
export const MAX_SELECTIONS = 5_000;

/**
 * Refuses an operation that could cost too much, by what it says and before any call.
 *
 * @returns its price.
 * @throws LimitError `QUERY_TOO_COSTLY` with the price and the limit in its message.
 */
export function requireAffordable(
  schema: GraphQLSchema,
  priced: PricedOperation,
  { maxCost, maxDepth }: CostLimits,
): number {
  const { depth, searchesBeneathSlot } = readOperationShape(
    schema,
    priced.operation,
    fragmentsOf(priced.document),
  );
  if (searchesBeneathSlot) {
    throw tooCostly(
      "Slots cannot be searched beneath a slot. Select the practice's slots beside it instead.",
    );
  }
  if (depth > maxDepth)
    throw tooCostly(`The operation is ${depth} levels deep, and the limit is ${maxDepth}.`);
  const { cost, references } = priceOperation(schema, priced);
  if (references > MAX_REFERENCES) {
    throw tooCostly(
      `The operation has ${references} entity references, and the limit is ${MAX_REFERENCES}. Send them in several requests.`,
    );
  }
  if (cost > maxCost) {
    throw tooCostly(
      `The operation costs ${cost}, and the limit is ${maxCost}. Request fewer items, a shorter range or fewer fields.`,
    );
  }
  return cost;
}

/** The price of an operation, and how many entity references it holds. */
export function priceOperation(
  schema: GraphQLSchema,
  { document, operation, variables, now }: PricedOperation,
): { readonly cost: number; readonly references: number } {
  let cost = 0;
  let references = 0;
  const typeInfo = new TypeInfo(schema);
  // What is wrong with an argument is reported by the execution. The rest of the operation still has its price.
  const context = new ValidationContext(schema, document, typeInfo, () => undefined);
  const estimate = createFieldEstimator(now);
  const rule = createComplexityRule({
    maximumComplexity: Number.MAX_SAFE_INTEGER,
    maxQueryNodes: MAX_SELECTIONS,
    variables: { ...variables },
    ...(operation.name && { operationName: operation.name.value }),
    estimators: [
      (field) => {
        if (field.field.name === "_entities") references += referencesOf(field.args).length;
        return estimate(field);
      },
    ],
    onComplete: (complexity) => {
      cost = Math.ceil(complexity);
    },
  });
  try {
    // Straight at the operation: a visit would walk the rest of the document for nothing.
    const visitor = rule(context);
    visitor.onOperationDefinitionEnter(operation);
    visitor.onOperationDefinitionLeave(operation);
  } catch (error) {
    // The library's own error, which it gives no class, for more selections than it may price.
    if (!(error instanceof GraphQLError)) throw error;
    throw tooCostly(
      `The operation selects more than ${MAX_SELECTIONS} fields when its fragments are spread.`,
    );
  }
  return { cost, references };
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
}

function tooCostly(message: string): LimitError {
  return new LimitError("QUERY_TOO_COSTLY", message);
}
