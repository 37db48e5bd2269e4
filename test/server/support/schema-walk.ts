import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from "graphql";

/** One step of a path: a field of a type, and where it stands in the response. */
export interface Step {
  /** `Patient.practice`. */
  readonly place: string;
  readonly type: string;
  readonly field: string;
  readonly node: GraphQLField<unknown, unknown>;
}

/** One operation that reaches one field, or gives one argument, by the shortest way. */
export interface Probe {
  /** `Query.patient > Patient.name`, or with an argument `… (verify.givenName)`. */
  readonly title: string;
  readonly steps: readonly Step[];
  /** The entity that a reference stands for, where the path starts at `_entities`. */
  readonly entity: string | undefined;
  readonly query: string;
}

/** Values for arguments, as GraphQL literals, by `Type.field.argument.path`, by the last name of it, or by type. */
export type Values = Readonly<Record<string, string>>;

export interface WalkOptions {
  readonly schema: GraphQLSchema;
  readonly values: Values;
  /** Optional arguments that a valid operation needs all the same, such as one change of an amendment. */
  readonly always: ReadonlySet<string>;
  /** A literal representation of each entity. */
  readonly representations: Readonly<Record<string, string>>;
}

const PROTOCOL_FIELDS = new Set(["_entities", "_service"]);

/**
 * A probe for every field and every argument path that the schema has: from the root fields, and again from the
 * references of each entity. Throws for a type that no path reaches and for a value that it cannot make, so that a new
 * field never stays without a probe.
 */
export function probesOf(options: WalkOptions): Probe[] {
  const { schema, representations } = options;
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null);
  const probes = walk(options, roots, undefined);
  const reached = new Set(probes.flatMap(({ steps }) => steps.map(({ type }) => type)));
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("_") || reached.has(type.name)) continue;
    throw new Error(`no path reaches ${type.name}`);
  }
  const union = schema.getType("_Entity");
  for (const entity of isUnionType(union) ? union.getTypes() : []) {
    if (representations[entity.name] === undefined) throw new Error(`no reference for ${entity.name}`);
    probes.push(...walk(options, [entity], entity.name));
  }
  return probes;
}

function walk(
  options: WalkOptions,
  roots: readonly GraphQLObjectType[],
  entity: string | undefined,
): Probe[] {
  const probes: Probe[] = [];
  const waiting = roots.map((type) => ({ type, steps: [] as readonly Step[] }));
  const seen = new Set(roots.map(({ name }) => name));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const node of Object.values(next.type.getFields())) {
      if (PROTOCOL_FIELDS.has(node.name)) continue;
      const { type } = next;
      const place = `${type.name}.${node.name}`;
      const steps = [...next.steps, { place, type: type.name, field: node.name, node }];
      probes.push(toProbe(options, steps, entity, undefined));
      for (const path of node.args.flatMap(argumentPaths)) {
        probes.push(toProbe(options, steps, entity, path));
      }
      for (const child of objectTypes(node.type)) {
        if (seen.has(child.name)) continue;
        seen.add(child.name);
        waiting.push({ type: child, steps });
      }
    }
  }
  return probes;
}

function objectTypes(type: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isObjectType(named)) return [named];
  return isUnionType(named) ? named.getTypes() : [];
}

/** `["input", "verify", "birthDate"]` for each argument and each member of its input type. */
function argumentPaths({ name, type }: GraphQLArgument): string[][] {
  return [[name], ...memberPaths(type).map((path) => [name, ...path])];
}

function memberPaths(type: GraphQLInputType): string[][] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((member) => [
    [member.name],
    ...memberPaths(member.type).map((path) => [member.name, ...path]),
  ]);
}

function toProbe(
  options: WalkOptions,
  steps: readonly Step[],
  entity: string | undefined,
  argument: readonly string[] | undefined,
): Probe {
  const title = `${entity === undefined ? "" : `_entities ${entity} > `}${steps.map(({ place }) => place).join(" > ")}${
    argument === undefined ? "" : ` (${argument.join(".")})`
  }`;
  const last = steps.at(-1);
  const selection = steps.reduceRight(
    (inner, step) => {
      const path = step === last ? argument : undefined;
      const text = `${step.field}${argumentsOf(options, step, path)} ${inner}`.trim();
      // Also right on an object type: a fragment on the type itself.
      return `{ ... on ${step.type} { ${text} } }`;
    },
    last !== undefined && objectTypes(last.node.type).length > 0 ? "{ __typename }" : "",
  );
  const isMutation = steps[0]?.type === "Mutation";
  const query =
    entity === undefined
      ? `${isMutation ? "mutation" : "query"} ${selection}`
      : `{ _entities(representations: [${options.representations[entity]}]) ${selection} }`;
  return { title, steps, entity, query };
}

function argumentsOf(
  options: WalkOptions,
  { place, node }: Step,
  path: readonly string[] | undefined,
): string {
  const given = node.args.flatMap((arg) => {
    const rest = path?.[0] === arg.name ? path.slice(1) : undefined;
    const isRequired = isNonNullType(arg.type) && arg.defaultValue === undefined;
    return isRequired || rest !== undefined
      ? [`${arg.name}: ${literal(options, arg.type, `${place}.${arg.name}`, rest)}`]
      : [];
  });
  return given.length === 0 ? "" : `(${given.join(", ")})`;
}

/** @param path the members that are given beside the required ones. */
function literal(
  options: WalkOptions,
  type: GraphQLInputType,
  place: string,
  path: readonly string[] = [],
): string {
  const { values, always } = options;
  if (isNonNullType(type)) return literal(options, type.ofType, place, path);
  const own = values[place];
  if (own !== undefined && path.length === 0) return own;
  if (isListType(type)) return `[${literal(options, type.ofType, place, path)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? "";
  if (isInputObjectType(type)) {
    const members = Object.values(type.getFields()).flatMap((member) => {
      const rest = path[0] === member.name ? path.slice(1) : undefined;
      return isNonNullType(member.type) || rest !== undefined || always.has(`${place}.${member.name}`)
        ? [`${member.name}: ${literal(options, member.type, `${place}.${member.name}`, rest)}`]
        : [];
    });
    return `{ ${members.join(", ")} }`;
  }
  const value = values[place.split(".").at(-1) ?? ""] ?? values[type.name];
  if (value === undefined) throw new Error(`no value for ${place}`);
  return value;
}
