import type { Random } from "./random.js";

/** Synthetic, with right check digits, and never the requested patient. */
export const OTHER_NUMBERS = ["9990000026", "9990000018", "9000000017", "9990000042"] as const;

export const ODD_DATES = [
  "",
  "1952",
  "1952-05",
  "0000-00-00",
  "2026-02-30",
  "2026-11-23",
  "2026-11-24T09:00:00",
  "2026-11-24T09:00:00Z",
  "2026-11-24T09:00+00:00",
  "2026-11-24T09:00:00.123456789+00:00",
  "2026-11-24T25:61:61+00:00",
  "2026-11-24 09:00:00+00:00",
  "+275760-09-13T00:00:00.001Z",
  "-000001-01-01T00:00:00Z",
  "Tue, 24 Nov 2026 09:00:00 GMT",
  "24/11/2026",
  "1e9",
  "7",
  " 2026-11-24T09:00:00+00:00 ",
] as const;

const ODD_TEXTS = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udfff\ud800",
  "\u202eesrever",
  "\u2028\u2029",
  "\ufeff",
  "e\u0301\u0302\u0303",
  "\u{1f469}\u200d\u{1f4bb}",
  "\u0130\u0131\u1e9e",
  "null",
  "[object Object]",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "Patient/9990000026",
  "#1",
  "#",
  "/",
  "//",
  "Slot/",
  "/Slot",
  "a/_history/",
  "$",
  '"><script>',
  "%00",
  "1",
] as const;

const NUMBERS = [0, -0, -1, 1, 0.5, 1e308, -1e308, 2 ** 53, 2 ** 31, 4294967296, 1e-320] as const;

/** Names that mean something to JavaScript and nothing to FHIR. */
export const TRAP_NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "toJSON",
  "then",
  "length",
  "hasOwnProperty",
] as const;

export const RESOURCE_TYPES = [
  "Patient",
  "Bundle",
  "OperationOutcome",
  "Observation",
  "Appointment",
  "Slot",
  "Schedule",
  "Location",
  "Organization",
  "Practitioner",
  "CapabilityStatement",
  "Endpoint",
  "Device",
  "patient",
  "__proto__",
] as const;

const HUGE = [
  "A".repeat(50_000),
  "A_".repeat(25_000),
  "9".repeat(50_000),
  " ".repeat(50_000),
  "/".repeat(50_000),
  "/Spine-ErrorOrWarningCode-1".repeat(2_000),
  "\u{1f642}".repeat(10_000),
] as const;

/** Stand for nests so deep that only a text can hold them: they are put in when the document is written. */
export const DEEP_NESTS: Readonly<Record<string, string>> = {
  "nest:lists": `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  "nest:objects": `${'{"extension":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  "nest:extensions": `${'{"extension":['.repeat(10_000)}${"]}".repeat(10_000)}`,
};

/** Any text, from an empty one to one of 50 kB. */
export function weirdText(random: Random): string {
  const lot = random.below(1_000) / 1_000;
  if (lot < 0.01) return random.pick(HUGE);
  if (lot < 0.35) return random.pick(ODD_DATES);
  if (lot < 0.5) return random.pick(OTHER_NUMBERS);
  return random.pick(ODD_TEXTS);
}

/** Any JSON value, mostly small. */
export function weirdValue(random: Random): unknown {
  const makers: readonly (() => unknown)[] = [
    () => null,
    () => true,
    () => false,
    () => random.pick(NUMBERS),
    () => weirdText(random),
    () => [],
    () => ({}),
    () => [null],
    () => [weirdText(random), random.pick(NUMBERS), null],
    () => [[]],
    () => ({ reference: weirdText(random) }),
    () => ({ resourceType: random.pick(RESOURCE_TYPES) }),
    () => ({ coding: { code: weirdText(random) } }),
    () => nested(random.pick([20, 100]), random),
    () => (random.isLucky(0.2) ? random.pick(Object.keys(DEEP_NESTS)) : null),
  ];
  return random.pick(makers)();
}

/** A value in so many boxes. */
function nested(depth: number, random: Random): unknown {
  const inLists = random.isLucky(0.5);
  let value: unknown = weirdText(random);
  for (let level = 0; level < depth; level++) value = inLists ? [value] : { extension: value };
  return value;
}
