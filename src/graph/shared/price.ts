import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from "graphql";

/**
 * Prices of fields, in Federation's demand control: an object costs 1, and an upstream call far more. Routers read them
 * from the schema, so that they price an operation about as we do.
 */

/** Price of one upstream call. */
export const CALL_PRICE = 200;

/** How many slots a practice is expected to have free in two weeks. */
export const SLOTS_PER_WINDOW = 50;

/** The directive of a field that makes about this many upstream calls for each parent object. */
export function costOfCalls(calls: number): string {
  return `@cost(weight: ${calls * CALL_PRICE})`;
}

/** The directive of a field that lists about this many objects. */
export function assumedSize(size: number): string {
  return `@listSize(assumedSize: ${size})`;
}

/** The directive of a field that lists free slots. */
export const SLOT_LIST_SIZE = `@listSize(assumedSize: ${SLOTS_PER_WINDOW}, slicingArguments: ["first"], requireOneSlicingArgument: false)`;

/** As Federation defines it, for reading the prices back from the schema. */
export const COST = new GraphQLDirective({
  name: "cost",
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: { weight: { type: new GraphQLNonNull(GraphQLInt) } },
});

/** As Federation defines it, for reading the sizes back from the schema. */
export const LIST_SIZE = new GraphQLDirective({
  name: "listSize",
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    assumedSize: { type: GraphQLInt },
    slicingArguments: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
    sizedFields: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
    requireOneSlicingArgument: { type: GraphQLBoolean },
  },
});
