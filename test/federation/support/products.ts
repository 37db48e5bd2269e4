import { buildSubgraphSchema } from "@apollo/subgraph";
import { type GraphQLSchema, parse } from "graphql";
import { type Representation, setEntitiesResolver } from "../../../src/graph/entities.js";

/**
 * The `products` subgraph of Apollo's compatibility suite, with the types that its checks are about. It is built and
 * served as the product's own schema is.
 */
export const PRODUCTS_SDL = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@external", "@inaccessible",
    "@interfaceObject", "@key", "@override", "@provides", "@requires", "@shareable", "@tag"])
  @link(url: "https://example.org/custom/v1.0", import: ["@custom"])
  @composeDirective(name: "@custom")
  directive @custom on OBJECT
  type Query {
    product(id: ID!): Product
    deprecatedProduct(sku: String!, package: String!): DeprecatedProduct @deprecated(reason: "Use product")
  }
  type Product @custom @key(fields: "id") @key(fields: "sku package") @key(fields: "sku variation { id }") {
    id: ID!  sku: String  package: String  variation: Variation  dimensions: Dimensions
    createdBy: User @provides(fields: "totalProductsCreated")
    notes: String @tag(name: "internal")
    research: [Research!]!
  }
  type DeprecatedProduct @key(fields: "sku package") { sku: String!  package: String!  reason: String  createdBy: User }
  type Variation { id: ID! }
  type Research @key(fields: "study { caseNumber }") { study: Study!  outcome: String }
  type Study { caseNumber: ID!  description: String }
  type Dimensions @shareable { size: String  weight: Float  unit: String @inaccessible }
  type User @key(fields: "email") {
    email: ID!
    totalProductsCreated: Int @external
    yearsOfEmployment: Int! @external
    averageProductsCreatedPerYear: Int @requires(fields: "totalProductsCreated yearsOfEmployment")
    name: String @override(from: "users")
  }
  type Inventory @interfaceObject @key(fields: "id") { id: ID!  deprecatedProducts: [DeprecatedProduct!]! }
`;

/** The team that owns users, and an interface which the subgraph above extends as one object. */
export const USERS_SDL = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query { inventory: Inventory }
  type User @key(fields: "email") {
    email: ID!  name: String  totalProductsCreated: Int @shareable  yearsOfEmployment: Int!
  }
  interface Inventory @key(fields: "id") { id: ID! }
  type Warehouse implements Inventory @key(fields: "id") { id: ID! }
`;

const EMAIL = "maker@example.org";
const study = (caseNumber: string) => ({
  study: { caseNumber, description: `study ${caseNumber}` },
  outcome: null,
});
const deprecated = { sku: "old", package: "@example/old", reason: "replaced", createdBy: { email: EMAIL } };
const product = (id: string, sku: string, packageName: string, variation: string) => ({
  id,
  sku,
  package: packageName,
  variation: { id: variation },
  dimensions: { size: "small", weight: 1, unit: "kg" },
  createdBy: { email: EMAIL, totalProductsCreated: 1337 },
  notes: null,
  research: [study(`case of ${id}`)],
});
const PRODUCTS = [
  product("one", "sku-one", "@example/one", "open"),
  product("two", "sku-two", "", "platform"),
];

type Keys = {
  readonly id?: string;
  readonly sku?: string;
  readonly package?: string;
  readonly variation?: { readonly id: string };
};

function findProduct(keys: Keys) {
  return (
    PRODUCTS.find(({ id, sku, package: packageName, variation }) => {
      if (keys.id !== undefined) return id === keys.id;
      if (keys.package !== undefined) return sku === keys.sku && packageName === keys.package;
      return sku === keys.sku && variation.id === keys.variation?.id;
    }) ?? null
  );
}

/** The schema with its entities, by the same functions as the product's. */
export function createProductsSchema(): GraphQLSchema {
  const schema = buildSubgraphSchema([
    {
      typeDefs: parse(PRODUCTS_SDL),
      resolvers: {
        Query: {
          product: (_: unknown, keys: Keys) => findProduct(keys),
          deprecatedProduct: () => deprecated,
        },
        User: {
          name: () => "Ada Example",
          averageProductsCreatedPerYear: averageOf,
        },
      } as never,
    },
  ]);
  const asIs = async (representation: Representation) => ({ ...representation });
  setEntitiesResolver(schema, {
    Product: async (keys) => findProduct(keys as Keys),
    DeprecatedProduct: async () => ({ ...deprecated }),
    Research: async ({ study: key }) => study((key as { caseNumber: string }).caseNumber),
    User: asIs,
    Inventory: async ({ id }) => ({ id, deprecatedProducts: [deprecated] }),
  });
  return schema;
}

function averageOf({ totalProductsCreated, yearsOfEmployment }: Record<string, number>): number | null {
  return totalProductsCreated === undefined || yearsOfEmployment === undefined
    ? null
    : Math.round(totalProductsCreated / yearsOfEmployment);
}

/** Resolvers of the other team's subgraph. Its number of products differs, so that a test can tell who gave it. */
export const USERS_RESOLVERS = {
  Query: { inventory: () => ({ __typename: "Warehouse", id: "w1" }) },
  User: {
    __resolveReference: ({ email }: { email: string }) => ({
      email,
      name: "another name",
      totalProductsCreated: 4,
      yearsOfEmployment: 10,
    }),
  },
  Inventory: { __resolveReference: ({ id }: { id: string }) => ({ __typename: "Warehouse", id }) },
};
