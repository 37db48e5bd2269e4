import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from "graphql";
import { type OperationPlan, planQuery } from "./plan.js";

/** The plans of one operation, by the values of the variables that select its fields. */
interface Plans {
  readonly isPlannable: boolean;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Variables of `@skip` and `@include`. */
  readonly conditions: readonly string[];
  readonly byConditions: Map<string, OperationPlan>;
}

/** Operations with more combinations than that are left to graphql-js. */
const MAX_PLANS = 16;

/** What graphql-js defines beside the schema. */
const INTROSPECTION = new Set(["__schema", "__type"]);

/** Plans queries, each once for as long as its document is kept. */
export class QueryPlanner {
  readonly #plans = new WeakMap<OperationDefinitionNode, Plans>();

  constructor(private readonly schema: GraphQLSchema) {}

  /**
   * The plan of an operation of a valid document; undefined where graphql-js must execute it: mutations, introspection of
   * the schema, and response names that JavaScript treats in its own way.
   *
   * @param variables coerced.
   */
  planFor(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): OperationPlan | undefined {
    const root = this.schema.getQueryType();
    if (operation.operation !== OperationTypeNode.QUERY || !root) return undefined;
    const plans = this.#plans.get(operation) ?? readPlans(document, operation);
    this.#plans.set(operation, plans);
    const { isPlannable, fragments, byConditions } = plans;
    if (!isPlannable) return undefined;
    const key = plans.conditions.map((name) => String(variables[name])).join();
    const known = byConditions.get(key);
    if (known !== undefined || byConditions.size >= MAX_PLANS) return known;
    // The selections of nested objects are read when the first of them comes, so what decides them is kept, and no more.
    const conditions = Object.fromEntries(plans.conditions.map((name) => [name, variables[name]]));
    const plan = planQuery({ schema: this.schema, fragments, conditions }, operation, root);
    byConditions.set(key, plan);
    return plan;
  }
}

function readPlans(document: DocumentNode, operation: OperationDefinitionNode): Plans {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  const conditions = new Set<string>();
  let isPlannable = true;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
    else if (definition !== operation) continue;
    visit(definition, {
      Field({ name, alias }: FieldNode) {
        if (INTROSPECTION.has(name.value) || alias?.value === "__proto__") isPlannable = false;
      },
      Directive(node) {
        visit(node, { Variable: ({ name }) => void conditions.add(name.value) });
      },
    });
  }
  return { isPlannable, fragments, conditions: [...conditions], byConditions: new Map() };
}
