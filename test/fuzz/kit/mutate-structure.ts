import type { Random } from "./random.js";
import {
  ODD_DATES,
  OTHER_NUMBERS,
  RESOURCE_TYPES,
  TRAP_NAMES,
  weirdText,
  weirdValue,
} from "./weird-values.js";

type Box = Record<string, unknown> | unknown[];

/** Where a value stands in a document. */
interface Place {
  readonly box: Box;
  readonly key: string;
}

/** What a change is made to: the place, and all the others of the document. */
interface Scene {
  readonly place: Place;
  readonly places: readonly Place[];
  readonly random: Random;
}

type Change = (scene: Scene) => void;

/** Beyond so many values a document is not looked at further: deep nests are made on purpose. */
const MOST_PLACES = 5_000;

/** Changes a document, in place, in one of the ways in which a document can be wrong. */
export function mutateStructure(document: Box, random: Random): void {
  const places = placesIn(document);
  if (places.length === 0) return;
  random.pick(CHANGES)({ place: random.pick(places), places, random });
}

/** All places of a document, outer ones first. */
export function placesIn(document: Box): Place[] {
  const places: Place[] = [];
  const boxes: Box[] = [document];
  // The list grows while it is walked.
  for (const box of boxes) {
    for (const key of Object.keys(box)) {
      const place = { box, key };
      places.push(place);
      const value = get(place);
      if (isBox(value)) boxes.push(value);
    }
    if (places.length > MOST_PLACES) break;
  }
  return places;
}

export function isBox(value: unknown): value is Box {
  return typeof value === "object" && value !== null;
}

function get({ box, key }: Place): unknown {
  if (key !== "__proto__") return Reflect.get(box, key);
  return Object.getOwnPropertyDescriptor(box, key)?.value;
}

/** As a parser would put it there: `__proto__` becomes a member like any other. */
function put({ box, key }: Place, value: unknown): void {
  Object.defineProperty(box, key, { value, writable: true, enumerable: true, configurable: true });
}

export function remove({ box, key }: Place): void {
  if (Array.isArray(box)) box.splice(Number(key), 1);
  else Reflect.deleteProperty(box, key);
}

const copy = (value: unknown): unknown => structuredClone(value);

const CHANGES: readonly Change[] = [
  ({ place }) => remove(place),
  ({ place, random }) => put(place, weirdValue(random)),
  ({ place, random }) => put(place, weirdValue(random)),
  ({ place, random }) => retype(place, random),
  ({ place, random }) => retype(place, random),
  ({ place, places, random }) => swap(place, random.pick(places)),
  ({ place, places, random }) => put(place, copy(get(random.pick(places)))),
  ({ place, random }) => duplicate(place, random),
  ({ place, random }) => addMember(place.box, random),
  ({ place, random }) => addMember(place.box, random),
  ({ places, random }) => onLeaf(places, random, () => weirdText(random)),
  ({ places, random }) => onLeaf(places, random, () => random.pick(ODD_DATES), /^\d{4}-\d\d/),
  ({ places, random }) => onLeaf(places, random, () => random.pick(OTHER_NUMBERS), /\d{10}/),
  ({ places, random }) => onKey(places, random, "resourceType", () => random.pick(RESOURCE_TYPES)),
  ({ places, random }) => onKey(places, random, "reference", () => weirdText(random)),
  ({ places, random }) => onKey(places, random, "id", () => weirdText(random)),
  ({ places, random }) => onKey(places, random, "system", () => weirdText(random)),
];

/** The same thing as another kind of value. */
function retype(place: Place, random: Random): void {
  const value = get(place);
  const kinds: readonly (() => unknown)[] = [
    () => [value],
    () => ({ 0: value }),
    () => (Array.isArray(value) ? value[0] : Object.values(Object(value) as object)),
    () => (isBox(value) ? JSON.stringify(value) : String(value)),
    () => (isBox(value) ? Object.keys(value).length : Number(value)),
    () => null,
    () => Boolean(value),
    () => (typeof value === "string" ? [...value].slice(0, 20) : { value }),
  ];
  put(place, random.pick(kinds)());
}

function swap(one: Place, other: Place): void {
  const [first, second] = [get(one), get(other)];
  // One inside the other would make a ring.
  put(one, copy(second));
  put(other, copy(first));
}

function duplicate({ box, key }: Place, random: Random): void {
  const value = get({ box, key });
  const times = random.pick([1, 1, 1, 2, 40]);
  for (let time = 0; time < times; time++) {
    if (Array.isArray(box)) box.push(copy(value));
    else put({ box, key: `${key}${time}` }, copy(value));
  }
}

function addMember(box: Box, random: Random): void {
  if (Array.isArray(box)) {
    box.splice(random.below(box.length + 1), 0, weirdValue(random));
    return;
  }
  const isTrap = random.isLucky(0.6);
  const key = isTrap ? random.pick(TRAP_NAMES) : `unknown${random.below(100)}`;
  const polluting = { polluted: true, resourceType: "Patient", status: "free", code: "POLLUTED", value: "x" };
  put({ box, key }, random.isLucky(0.5) ? polluting : weirdValue(random));
}

/** One of the texts that fit; nothing when none does. */
function onLeaf(places: readonly Place[], random: Random, make: () => string, fits = /^/): void {
  const leaves = places.filter((place) => {
    const value = get(place);
    return typeof value === "string" && fits.test(value);
  });
  if (leaves.length > 0) put(random.pick(leaves), make());
}

function onKey(places: readonly Place[], random: Random, key: string, make: () => string): void {
  const named = places.filter((place) => place.key === key);
  if (named.length > 0) put(random.pick(named), make());
}
