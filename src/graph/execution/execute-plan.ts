import {
  defaultTypeResolver,
  type ExecutionResult,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getArgumentValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  locatedError,
} from "graphql";
import { CollectedErrors } from "./collected-errors.js";
import type { FieldPlan, ObjectPlan, OperationPlan } from "./plan.js";

type Path = GraphQLResolveInfo["path"];
type Variables = Readonly<Record<string, unknown>>;

/** A value, or the promise of it, as resolvers give it. */
type Maybe = unknown;

/** One execution of a plan. */
interface Run {
  readonly plan: OperationPlan;
  readonly context: unknown;
  readonly variables: Variables;
  readonly errors: CollectedErrors;
}

/**
 * Executes a plan as graphql-js executes the operation (specification, 6): the same values in the same order of calls, the
 * same errors at the same places. What can be known from the document alone was read before.
 *
 * @param variables coerced.
 */
export function executePlan(
  plan: OperationPlan,
  context: unknown,
  variables: Variables,
): ExecutionResult | Promise<ExecutionResult> {
  const run: Run = { plan, context, variables, errors: new CollectedErrors() };
  const toResult = (data: unknown): ExecutionResult => {
    const { errors } = run.errors;
    return (errors.length === 0 ? { data } : { errors, data }) as ExecutionResult;
  };
  const fail = (error: unknown): ExecutionResult => {
    run.errors.add(error as GraphQLError, []);
    return toResult(null);
  };
  try {
    const data = executeFields(run, plan.fields, undefined, undefined);
    return isPromise(data) ? data.then(toResult, fail) : toResult(data);
  } catch (error) {
    return fail(error);
  }
}

function executeFields(run: Run, fields: ObjectPlan, source: unknown, path: Path | undefined): Maybe {
  const results: Record<string, unknown> = {};
  let hasPromise = false;
  try {
    for (const field of fields) {
      const result = executeField(run, field, source, path);
      results[field.responseName] = result;
      if (isPromise(result)) hasPromise = true;
    }
  } catch (error) {
    if (!hasPromise) throw error;
    // The fields that have begun end first, so that none is left without a listener.
    return settle(results).finally(() => {
      throw error;
    });
  }
  return hasPromise ? settle(results) : results;
}

/** The object with its promises replaced by their values, in the same order. */
async function settle(results: Record<string, unknown>): Promise<Record<string, unknown>> {
  const names = Object.keys(results);
  const values = await Promise.all(Object.values(results));
  for (const [index, name] of names.entries()) results[name] = values[index];
  return results;
}

function executeField(run: Run, field: FieldPlan, source: unknown, parentPath: Path | undefined): Maybe {
  try {
    const result = resolveField(run, field, source, parentPath);
    if (typeof result === field.unchanged) return result;
    // Most fields of a long list: a text, a number or a truth value, which is neither an error nor a promise.
    if (field.leaf !== undefined && isPrimitive(result)) return completeLeaf(field.leaf, result);
    const completed = isPromise(result)
      ? result.then((value) => completeValue(run, field, field.type, value, parentPath, undefined))
      : completeValue(run, field, field.type, result, parentPath, undefined);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error: unknown) =>
      handleError(run, field, field.type, error, toPath(field, parentPath)),
    );
  } catch (error) {
    return handleError(run, field, field.type, error, toPath(field, parentPath));
  }
}

function resolveField(run: Run, field: FieldPlan, source: unknown, parentPath: Path | undefined): Maybe {
  if (field.resolve === undefined) {
    // As the default resolver of graphql-js: a member, which may be a method.
    if ((typeof source !== "object" || source === null) && typeof source !== "function") return undefined;
    const member: unknown = (source as Record<string, unknown>)[field.name];
    if (typeof member !== "function") return member;
    return member.call(source, argumentsOf(run, field), run.context, toInfo(run, field, parentPath));
  }
  return field.resolve(source, argumentsOf(run, field), run.context, toInfo(run, field, parentPath));
}

function argumentsOf({ variables }: Run, { fixedArguments, definition, nodes }: FieldPlan) {
  // A copy, since a resolver may change what it is given.
  if (fixedArguments !== undefined) return { ...fixedArguments };
  const [node] = nodes;
  if (node === undefined) throw new TypeError("a field without a node");
  return getArgumentValues(definition, node, variables);
}

function toInfo(run: Run, field: FieldPlan, parentPath: Path | undefined): GraphQLResolveInfo {
  const { schema, fragments, operation } = run.plan;
  return {
    fieldName: field.name,
    fieldNodes: field.nodes,
    returnType: field.type,
    parentType: field.parent,
    path: toPath(field, parentPath),
    schema,
    fragments,
    rootValue: undefined,
    operation,
    variableValues: run.variables,
  };
}

function toPath({ responseName, parent }: FieldPlan, prev: Path | undefined): Path {
  return { prev, key: responseName, typename: parent.name };
}

/**
 * @param itemPath the place of an item of a list; undefined for the value of the field itself, whose place is made only when
 *   something needs it.
 * @throws what makes the value unusable; the caller says where.
 */
function completeValue(
  run: Run,
  field: FieldPlan,
  type: GraphQLOutputType,
  result: unknown,
  parentPath: Path | undefined,
  itemPath: Path | undefined,
): Maybe {
  if (result instanceof Error) throw result;
  if (isNonNullType(type)) {
    const completed = completeValue(run, field, type.ofType, result, parentPath, itemPath);
    if (completed !== null) return completed;
    throw new Error(`Cannot return null for non-nullable field ${field.parent.name}.${field.name}.`);
  }
  if (result === undefined || result === null) return null;
  if (isLeafType(type)) return completeLeaf(type, result);
  const path = itemPath ?? toPath(field, parentPath);
  if (isListType(type)) return completeList(run, field, type, result, parentPath, path);
  if (isAbstractType(type)) return completeAbstract(run, field, type, result, parentPath, path);
  if (isObjectType(type)) return completeObject(run, field, type, result, parentPath, path);
  throw new TypeError("a type that is no output type");
}

function completeLeaf(type: GraphQLLeafType, result: unknown): unknown {
  const serialised: unknown = type.serialize(result);
  if (serialised !== undefined && serialised !== null) return serialised;
  throw new Error(
    `Expected \`${type.name}.serialize\` to return non-nullable value, returned: ${String(serialised)}`,
  );
}

function completeList(
  run: Run,
  field: FieldPlan,
  { ofType }: GraphQLList<GraphQLOutputType>,
  result: unknown,
  parentPath: Path | undefined,
  path: Path,
): Maybe {
  if (typeof result !== "object" || result === null || !(Symbol.iterator in result)) {
    throw new GraphQLError(
      `Expected Iterable, but did not find one for field "${field.parent.name}.${field.name}".`,
    );
  }
  let hasPromise = false;
  const completed: unknown[] = [];
  try {
    for (const item of result as Iterable<unknown>) {
      const itemPath: Path = { prev: path, key: completed.length, typename: undefined };
      const one = completeItem(run, field, ofType, item, parentPath, itemPath);
      if (isPromise(one)) hasPromise = true;
      completed.push(one);
    }
  } catch (error) {
    // Nobody waits for the items before, and one that fails later must not end the process.
    for (const one of completed) if (isPromise(one)) one.then(undefined, () => undefined);
    throw error;
  }
  return hasPromise ? Promise.all(completed) : completed;
}

function completeItem(
  run: Run,
  field: FieldPlan,
  type: GraphQLOutputType,
  item: unknown,
  parentPath: Path | undefined,
  path: Path,
): Maybe {
  try {
    const completed = isPromise(item)
      ? item.then((value) => completeValue(run, field, type, value, parentPath, path))
      : completeValue(run, field, type, item, parentPath, path);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error: unknown) => handleError(run, field, type, error, path));
  } catch (error) {
    return handleError(run, field, type, error, path);
  }
}

function completeAbstract(
  run: Run,
  field: FieldPlan,
  type: GraphQLAbstractType,
  result: unknown,
  parentPath: Path | undefined,
  path: Path,
): Maybe {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const named = resolveType(result, run.context, toInfo(run, field, parentPath), type);
  const complete = (name: unknown): Maybe => {
    const object = typeof name === "string" ? run.plan.schema.getType(name) : undefined;
    if (!isObjectType(object) || !run.plan.schema.isSubType(type, object)) {
      throw new GraphQLError(
        `Abstract type "${type.name}" must resolve to one of its Object types at runtime for field "${field.parent.name}.${field.name}".`,
      );
    }
    return completeObject(run, field, object, result, parentPath, path);
  };
  return isPromise(named) ? named.then(complete) : complete(named);
}

function completeObject(
  run: Run,
  field: FieldPlan,
  type: GraphQLObjectType,
  result: unknown,
  parentPath: Path | undefined,
  path: Path,
): Maybe {
  const { isTypeOf } = type;
  if (!isTypeOf) return executeFields(run, run.plan.planOf(field, type), result, path);
  const complete = (is: boolean): Maybe => {
    if (is) return executeFields(run, run.plan.planOf(field, type), result, path);
    throw new GraphQLError(`Expected value of type "${type.name}".`, { nodes: field.nodes });
  };
  const is = isTypeOf(result, run.context, toInfo(run, field, parentPath));
  return isPromise(is) ? is.then(complete) : complete(is);
}

/** The error at its place: null there, or thrown on to the nearest place that may be null. */
function handleError(run: Run, field: FieldPlan, type: GraphQLOutputType, error: unknown, path: Path): null {
  const keys = toKeys(path);
  const located = locatedError(error, field.nodes, keys);
  if (isNonNullType(type)) throw located;
  run.errors.add(located, keys);
  return null;
}

function toKeys(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at; at = at.prev) keys.push(at.key);
  return keys.reverse();
}

function isPrimitive(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}
