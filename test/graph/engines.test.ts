import fc from "fast-check";
import {
  buildSchema,
  execute,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  parse,
  validate,
} from "graphql";
import { executeCompiled } from "../support/engine.js";

// No list has items that may not be null: graphql-js leaves earlier items without a listener when a later one fails at
// once, which ends the process. The test after the first one is about that.

/** A schema whose objects behave badly in every way that one can: each call of a field takes the next of these. */
const SCHEMA = buildSchema(`
  interface Named { name: String! }
  type Thing implements Named { name: String! count: Int flag: Boolean id: ID! one: Thing two: Thing! many: [Thing] loose: [Thing] texts: [String!]! any: Either named(first: Int = 3, as: String): Named }
  type Other implements Named { name: String! thing: Thing }
  union Either = Thing | Other
  type Query { thing(id: ID, deep: Deep): Thing strict: Thing! things: [Thing]! either: Either }
  input Deep { a: Int = 7, list: [String!] }
  type Mutation { change: Thing }
`);

/** What a field may give. */
const BEHAVIOURS = ["value", "promise", "null", "throws", "rejects", "error", "method", "wrong"] as const;
type Behaviour = (typeof BEHAVIOURS)[number];

/** A list of behaviours in the order in which both engines call fields; the calls are compared too. */
class World {
  readonly calls: string[] = [];
  #next = 0;

  constructor(private readonly behaviours: readonly Behaviour[]) {}

  thing(typename: "Thing" | "Other" = "Thing", depth = 0): object {
    const make = () => this.thing("Thing", depth + 1);
    // Given once: graphql-js reads a method twice.
    const given = new Map<string, { value?: unknown; thrown?: unknown }>();
    const member = (name: string, value: () => unknown) => ({
      enumerable: true,
      get: () => {
        const once = given.get(name) ?? this.#attempt(name, value);
        given.set(name, once);
        if ("thrown" in once) throw once.thrown;
        return once.value;
      },
    });
    const either = depth % 2 ? ("Other" as const) : ("Thing" as const);
    return Object.defineProperties(
      { __typename: typename },
      {
        name: member("name", () => `n${depth}`),
        count: member("count", () => depth),
        flag: member("flag", () => true),
        id: member("id", () => depth),
        one: member("one", make),
        two: member("two", make),
        thing: member("thing", make),
        many: member("many", () => [make(), Promise.resolve(make()), make()]),
        loose: member("loose", () => [make(), null, rejection("item"), new Error("in list")]),
        texts: member("texts", () => new Set(["a", "b"])),
        any: member("any", () => this.thing(either, depth + 1)),
        named: member("named", () => (args: object) => {
          this.calls.push(JSON.stringify(args));
          return this.thing(either, depth + 1);
        }),
      },
    );
  }

  #attempt(name: string, value: () => unknown): { value?: unknown; thrown?: unknown } {
    try {
      return { value: this.#give(name, value) };
    } catch (thrown) {
      return { thrown };
    }
  }

  #give(name: string, value: () => unknown): unknown {
    this.calls.push(name);
    const behaviour =
      this.behaviours.length === 0 ? "value" : this.behaviours[this.#next++ % this.behaviours.length];
    switch (behaviour) {
      case "promise":
        return Promise.resolve(value());
      case "null":
        return null;
      case "throws":
        throw new GraphQLError(`${name} throws`, { extensions: { code: "OWN" } });
      case "rejects":
        return rejection(`${name} rejects`);
      case "error":
        return new Error(`${name} is an error`);
      case "method":
        return typeof value() === "function" ? value() : () => value();
      case "wrong":
        return { wrong: true };
      default:
        return value();
    }
  }
}

/** Handled here, since an engine need not look at a value whose parent has failed. */
function rejection(message: string): Promise<never> {
  const rejected = Promise.reject(new Error(message));
  rejected.catch(() => {});
  return rejected;
}

/** Resolvers of the root, so that both kinds of fields are called. */
function withRoot(schema: GraphQLSchema): GraphQLSchema {
  const fields = (schema.getQueryType() as GraphQLObjectType).getFields();
  const resolve = (name: string, make: (world: World) => unknown) => {
    const field = fields[name];
    if (!field) throw new Error(name);
    field.resolve = (
      _root,
      args,
      world: World,
      { path, parentType, fieldName, variableValues, fieldNodes },
    ) => {
      world.calls.push(
        JSON.stringify([args, path, parentType.name, fieldName, variableValues, fieldNodes.length]),
      );
      return make(world);
    };
  };
  resolve("thing", async (world) => world.thing());
  resolve("strict", (world) => world.thing());
  resolve("things", (world) => [world.thing(), world.thing()]);
  resolve("either", (world) => world.thing("Other"));
  return schema;
}

const schema = withRoot(SCHEMA);

const SELECTIONS = [
  "name",
  "count flag id",
  "alias: name same: name name",
  "__typename",
  "one { name count }",
  "two { name one { id } }",
  "many { id two { name } }",
  "loose { name }",
  "texts",
  "any { __typename ... on Thing { name count } ... on Other { name thing { id } } ... on Named { name } }",
  "named(as: $text) { name ...OnThing }",
  "named(first: null) { ... on Named { __typename name } }",
  "one @skip(if: $no) { id } two @include(if: $yes) { flag }",
  "...More @include(if: $no) ... @skip(if: $yes) { count }",
];

const selection = fc
  .subarray(SELECTIONS, { minLength: 1 })
  .map((parts) =>
    parts
      .filter(
        (part, index) =>
          !(part.startsWith("named") && parts.some((other, at) => at < index && other.startsWith("named"))),
      )
      .join(" "),
  );

const operation = fc
  .tuple(
    fc.constantFrom("thing(id: $text)", "thing(deep: { list: [$text] })", "strict", "things", "either"),
    selection,
  )
  .map(([root, fields]) => {
    const set =
      root === "either" ? `... on Other { thing { ${fields} } } ... on Thing { ${fields} }` : fields;
    return `query Q($text: String = "t", $yes: Boolean!, $no: Boolean = false) { ${root} { ${set} } again: strict { id } vars: thing(deep: { list: [$text] }) @include(if: $no) { id }
      ...Use @skip(if: true) ...Use2 @skip(if: $yes) }
      fragment OnThing on Thing { count id } fragment More on Thing { flag ...OnThing }
      fragment Use on Query { used: thing(id: $text) { ...More } } fragment Use2 on Query { strict { count } }`.replaceAll(
      "id: $text",
      "id: 4",
    );
  });

async function compare(source: string, variables: Record<string, unknown>, behaviours: readonly Behaviour[]) {
  const [ours, theirs] = [new World(behaviours), new World(behaviours)];
  const compiled = await executeCompiled({ schema, source, variables, context: ours });
  const document = parse(source);
  const faults = validate(schema, document);
  if (faults.length > 0) throw new Error(String(faults));
  const result = await execute({ schema, document, variableValues: variables, contextValue: theirs });
  // At once, since graphql-js adds errors to a finished result.
  const expected = { ...result, ...(result.errors && { errors: [...result.errors] }) };
  // A defect of the schema, which no caller is told: ours has fewer words for it.
  const shorten = (key: string, value: unknown) =>
    key === "message" ? String(value).replace(/(Abstract type .* must resolve to ).*/, "$1") : value;
  const plain = (result: unknown) => JSON.parse(JSON.stringify(result ?? null, shorten));
  return {
    compiled: { ...plain(compiled), calls: ours.calls },
    expected: { ...plain(expected), calls: theirs.calls },
  };
}

test("a plan gives what graphql-js gives, in the same calls and with the same errors, whatever the objects do", async () => {
  let planned = 0;
  await fc.assert(
    fc.asyncProperty(
      operation,
      fc.boolean(),
      fc.option(fc.boolean(), { nil: undefined }),
      fc.array(fc.constantFrom("value" as const, "value" as const, ...BEHAVIOURS), { maxLength: 12 }),
      async (source, yes, no, behaviours) => {
        const variables = { yes, ...(no !== undefined && { no }) };
        const { compiled, expected } = await compare(source, variables, behaviours);
        if (expected.data !== undefined) planned += 1;
        expect(compiled).toEqual(expected);
      },
    ),
    { numRuns: Number(process.env.ENGINE_RUNS ?? 150), seed: 20_261_128 },
  );
  expect(planned).toBeGreaterThan(100);
});

test("an item that fails at once leaves no earlier item without a listener", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const source = buildSchema("type Query { items: [Item!]! } type Item { name: String! }");
  const field = source.getQueryType()?.getFields().items;
  const items = [
    { name: async () => Promise.reject(new Error("late")) },
    {
      name: () => {
        throw new Error("at once");
      },
    },
  ];
  if (field) field.resolve = () => items;
  const result = await executeCompiled({ schema: source, source: "{ items { name } }" });
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  expect(result?.errors?.map(({ message }) => message)).toEqual(["at once"]);
  expect(unhandled).toEqual([]);
});

test.each([
  ["a mutation", "mutation { change { id } }"],
  ["introspection", "{ __schema { types { name } } strict { id } }"],
  ["a response name with a meaning of its own in JavaScript", "{ strict { __proto__: name } }"],
  ["introspection in a fragment", '{ ...F } fragment F on Query { __type(name: "Thing") { name } }'],
])("%s is left to graphql-js", async (_what, source) => {
  expect(await executeCompiled({ schema, source, context: new World([]) })).toBeUndefined();
});
