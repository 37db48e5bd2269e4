import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  TypeInfo,
  type VariableNode,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { hasPricedArguments } from "./field-price.js";
import { type CostLimits, type PricedOperation, requireAffordable } from "./require-affordable.js";

/** What the price of an operation depends on beside its text. */
interface PriceKeys {
  /** Variables whose value decides, in directives and in arguments that set a price. */
  readonly byValue: readonly string[];
  /** Variables of other arguments: a required one that is missing makes its field free. */
  readonly byPresence: readonly string[];
  readonly prices: Map<string, number>;
}

/** Windows of a search that starts now are counted from a whole second on. */
const SECOND_MS = 1_000;
const MAX_PRICES = 50;

/**
 * As {@link requireAffordable}, and remembers the prices of an operation by what they depend on, for as long as its
 * document is kept. Only what was affordable is remembered.
 */
export function createAffordabilityCheck(
  limits: CostLimits,
): (schema: GraphQLSchema, priced: PricedOperation) => number {
  const known = new WeakMap<DocumentNode, PriceKeys>();
  return (schema, priced) => {
    const keys = known.get(priced.document) ?? readPriceKeys(schema, priced.document);
    known.set(priced.document, keys);
    const key = toKey(keys, priced);
    const price = key === undefined ? undefined : keys.prices.get(key);
    if (price !== undefined) return price;
    const computed = requireAffordable(schema, priced, limits);
    if (key !== undefined) {
      if (keys.prices.size >= MAX_PRICES) keys.prices.clear();
      keys.prices.set(key, computed);
    }
    return computed;
  };
}

function readPriceKeys(schema: GraphQLSchema, document: DocumentNode): PriceKeys {
  const byValue = new Set<string>();
  const byPresence = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  const collect = (node: Pick<FieldNode, "arguments">, found: Set<string>) => {
    const note = { Variable: ({ name }: VariableNode) => void found.add(name.value) };
    for (const argument of node.arguments ?? []) visit(argument, note);
  };
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const field = typeInfo.getFieldDef();
        const type = typeInfo.getParentType();
        const isPriced = !field || !type || hasPricedArguments(type.name, field);
        collect(node, isPriced ? byValue : byPresence);
      },
      Directive(node) {
        collect(node, byValue);
      },
    }),
  );
  return { byValue: [...byValue], byPresence: [...byPresence], prices: new Map() };
}

/** Undefined when a value is too large to be worth a key: a list has as many forms as requests. */
function toKey({ byValue, byPresence }: PriceKeys, priced: PricedOperation): string | undefined {
  const { operation, variables, now } = priced;
  let key = `${operation.name?.value ?? ""} ${Math.ceil(now / SECOND_MS)}`;
  for (const name of byPresence)
    key += Object.hasOwn(variables, name) ? (variables[name] == null ? "n" : "v") : "-";
  for (const name of byValue) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (typeof value === "object" && value !== null) return undefined;
    key += ` ${JSON.stringify(value)}`;
  }
  return key;
}
