import {
  type GraphQLField,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
} from "graphql";
import type { ComplexityEstimator, ComplexityEstimatorArgs } from "graphql-query-complexity";
import { toWindows } from "../../domain/slot-windows.js";
import { CALL_PRICE, COST, LIST_SIZE, SLOTS_PER_WINDOW } from "../shared/price.js";
import { requireHorizon, requireSlotRange } from "../slot/require-slot-range.js";
import { DEFAULT_FIRST, DEFAULT_HORIZON_DAYS } from "../slot/slot-search.args.js";

/** Fields of `Practice` that search slots: one call for each window of two weeks. */
export const SLOT_FIELDS: ReadonlySet<string> = new Set([
  "freeSlots",
  "nextFreeSlots",
  "slotSearch",
  "slots",
]);

/** What it costs to load the entity of a reference. */
const REFERENCE_PRICES: Readonly<Record<string, number>> = {
  Patient: CALL_PRICE,
  Appointment: 2 * CALL_PRICE,
};

/** A list of objects whose size nobody has declared. */
const DEFAULT_LIST_SIZE = 5;

type Price = (field: ComplexityEstimatorArgs, now: number) => number;

/** What the directives of the schema cannot say. */
const SPECIAL_PRICES: Readonly<Record<string, Price>> = {
  "Practice.freeSlots": (field, now) => slotPrice(field, countWindows(field.args, now)),
  "Practice.nextFreeSlots": (field, now) =>
    slotPrice(
      { ...field, args: { first: DEFAULT_FIRST, ...field.args } },
      countHorizonWindows({ horizonDays: DEFAULT_HORIZON_DAYS, ...field.args }, now),
    ),
  "Practice.slotSearch": (field, now) =>
    searchPrice(
      field,
      (field.args.horizonDays == null ? countWindows : countHorizonWindows)(field.args, now),
    ),
  "Practice.slots": (field, now) => searchPrice(field, countWindows(field.args, now)),
  // The slots of one list have one practice, so what it costs is counted once, whatever the number of slots.
  "Slot.practice": ({ childComplexity }) => 1 + childComplexity / SLOTS_PER_WINDOW,
  "Query.practices": ({ args, childComplexity }) => lengthOf(args.odsCodes) * (1 + childComplexity),
  "Query._entities": ({ args, childComplexity }) =>
    referencesOf(args).reduce((sum: number, one) => sum + 1 + referencePrice(one) + childComplexity, 0),
};

/** Prices a field as the directives `@cost` and `@listSize` say, as routers do, and the special ones by their arguments. */
export function createFieldEstimator(now: number): ComplexityEstimator {
  return (field) => {
    const special = SPECIAL_PRICES[`${field.type.name}.${field.field.name}`];
    if (special) return special(field, now);
    if (field.type.name.startsWith("__") || field.field.name.startsWith("__"))
      return 1 + field.childComplexity;
    const declared = declaredPriceOf(field.field);
    return listSize(declared, field.args) * (declared.weight + field.childComplexity);
  };
}

/** What the schema says of a field. */
interface DeclaredPrice {
  readonly weight: number;
  readonly isList: boolean;
  readonly slicingArguments: readonly string[];
  readonly assumedSize: number;
}

/** Whether the price of a field depends on its arguments. */
export function hasPricedArguments(type: string, field: GraphQLField<unknown, unknown>): boolean {
  return `${type}.${field.name}` in SPECIAL_PRICES || declaredPriceOf(field).slicingArguments.length > 0;
}

/** The schema does not change, and its directives are slow to read. */
const declaredPrices = new WeakMap<GraphQLField<unknown, unknown>, DeclaredPrice>();

function declaredPriceOf(field: GraphQLField<unknown, unknown>): DeclaredPrice {
  const known = declaredPrices.get(field) ?? readDeclaredPrice(field);
  declaredPrices.set(field, known);
  return known;
}

function readDeclaredPrice({ astNode, type }: GraphQLField<unknown, unknown>): DeclaredPrice {
  const cost = astNode && getDirectiveValues(COST, astNode);
  const list = astNode && getDirectiveValues(LIST_SIZE, astNode);
  return {
    weight: typeof cost?.weight === "number" ? cost.weight : isCompositeType(getNamedType(type)) ? 1 : 0,
    isList: isListType(getNullableType(type)),
    slicingArguments: Array.isArray(list?.slicingArguments) ? list.slicingArguments : [],
    assumedSize: typeof list?.assumedSize === "number" ? list.assumedSize : DEFAULT_LIST_SIZE,
  };
}

function listSize({ isList, slicingArguments, assumedSize }: DeclaredPrice, args: Arguments): number {
  if (!isList) return 1;
  const given = slicingArguments
    .map((name): unknown => args[name])
    .filter((value) => typeof value === "number");
  return given.length > 0 ? Math.max(...given, 0) : assumedSize;
}

type Arguments = ComplexityEstimatorArgs["args"];

function slotPrice({ args, childComplexity }: ComplexityEstimatorArgs, windows: number): number {
  return windows * CALL_PRICE + slotCount(args, windows) * (1 + childComplexity);
}

/** The lists of the result are priced for the slots of one window. */
function searchPrice({ args, childComplexity }: ComplexityEstimatorArgs, windows: number): number {
  return windows * CALL_PRICE + 1 + (childComplexity * slotCount(args, windows)) / SLOTS_PER_WINDOW;
}

function slotCount({ first }: Arguments, windows: number): number {
  const expected = windows * SLOTS_PER_WINDOW;
  return typeof first === "number" ? Math.min(Math.max(first, 0), expected) : expected;
}

function countWindows({ from, to }: Arguments, now: number): number {
  return countOrOne(() => toWindows(requireSlotRange({ from, to }, now)).length);
}

function countHorizonWindows({ from, horizonDays }: Arguments, now: number): number {
  return countOrOne(() => toWindows(requireHorizon({ from, horizonDays }, now)).length);
}

/** A malformed range is the field's own error: it makes no call. */
function countOrOne(count: () => number): number {
  try {
    return count();
  } catch {
    return 1;
  }
}

export function referencesOf({ representations }: Arguments): readonly unknown[] {
  return Array.isArray(representations) ? representations : [];
}

function referencePrice(representation: unknown): number {
  if (typeof representation !== "object" || representation === null) return 0;
  const type: unknown = Reflect.get(representation, "__typename");
  return typeof type === "string" && Object.hasOwn(REFERENCE_PRICES, type)
    ? (REFERENCE_PRICES[type] ?? 0)
    : 0;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 1;
}
