import {
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLBoolean,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  getArgumentValues,
  getNullableType,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  TypeNameMetaFieldDef,
  type ValueNode,
} from "graphql";
import { collectFields, type SelectionContext } from "./collect-fields.js";

type Arguments = Record<string, unknown>;
type Resolver = GraphQLFieldResolver<unknown, unknown, Arguments>;

/** What is known of one selected field before any object is. */
export interface FieldPlan {
  readonly responseName: string;
  readonly name: string;
  readonly nodes: readonly FieldNode[];
  readonly parent: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly type: GraphQLOutputType;
  /** Undefined for a member of the object of the same name. */
  readonly resolve: Resolver | undefined;
  /** The arguments where no variable decides them; else undefined, and they are read for each operation. */
  readonly fixedArguments: Arguments | undefined;
  /** The type of a field that is a single value. */
  readonly leaf: GraphQLLeafType | undefined;
  /** The JavaScript type of the values that the field's type serialises as they are. */
  readonly unchanged: "string" | "boolean" | undefined;
}

/** The fields of an object, in the order of the response. */
export type ObjectPlan = readonly FieldPlan[];

/** An operation of a valid document, read once for all of its requests. */
export interface OperationPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly root: GraphQLObjectType;
  readonly fields: ObjectPlan;
  /** The plan of what the nodes of a field select of an object of this type. */
  planOf(field: FieldPlan, type: GraphQLObjectType): ObjectPlan;
}

/** Plans an operation of a valid document without introspection of the schema. */
export function planQuery(
  context: SelectionContext,
  operation: OperationDefinitionNode,
  root: GraphQLObjectType,
): OperationPlan {
  const plans = new WeakMap<FieldPlan, Map<GraphQLObjectType, ObjectPlan>>();
  const toPlan = (type: GraphQLObjectType, sets: Parameters<typeof collectFields>[2]): ObjectPlan =>
    [...collectFields(context, type, sets)].map(([name, nodes]) => planField(type, name, nodes));
  return {
    schema: context.schema,
    operation,
    fragments: context.fragments,
    root,
    fields: toPlan(root, [operation.selectionSet]),
    planOf(field, type) {
      const byType = plans.get(field) ?? new Map<GraphQLObjectType, ObjectPlan>();
      const known = byType.get(type);
      if (known !== undefined) return known;
      const plan = toPlan(
        type,
        field.nodes.map(({ selectionSet }) => selectionSet),
      );
      plans.set(field, byType.set(type, plan));
      return plan;
    },
  };
}

function planField(parent: GraphQLObjectType, responseName: string, nodes: readonly FieldNode[]): FieldPlan {
  const [node] = nodes;
  if (node === undefined) throw new TypeError("a field without a node");
  const name = node.name.value;
  const definition = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : parent.getFields()[name];
  if (definition === undefined) throw new TypeError("the document is not valid");
  const nullable = getNullableType(definition.type);
  return {
    responseName,
    name,
    nodes,
    parent,
    definition,
    type: definition.type,
    // The guard of the schema gives every field a resolver.
    resolve: definition.resolve === defaultFieldResolver ? undefined : definition.resolve,
    fixedArguments: fixedArgumentsOf(definition, node),
    leaf: isLeafType(nullable) ? nullable : undefined,
    unchanged: unchangedBy(nullable),
  };
}

function unchangedBy(type: GraphQLOutputType): FieldPlan["unchanged"] {
  if (type === GraphQLBoolean) return "boolean";
  return type === GraphQLString || type === GraphQLID ? "string" : undefined;
}

function fixedArgumentsOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): Arguments | undefined {
  if (node.arguments?.some(({ value }) => hasVariable(value))) return undefined;
  try {
    return getArgumentValues(definition, node);
  } catch {
    // The execution reports it, in the field's place.
    return undefined;
  }
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => hasVariable(field.value));
}
