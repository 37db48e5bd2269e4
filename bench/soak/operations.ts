import type { Fault } from "../../src/sandbox/index.js";

/** The target of an operation: practices without faults, the hanging one, or the failing ones. */
export type Audience = "healthy" | "hanging" | "failing";

export interface Operation {
  readonly name: string;
  readonly audience: Audience;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A number from 0 to less than 1. */
export type Random = () => number;

const HANGING = "T81101";
/** The practices of one supplier. */
const FAILING = ["T81102", "T81103", "T81104", "T81105"] as const;
const HEALTHY = ["T81001", "T81008", "T81106", "T81107", "T81108", "T81109", "T81110"] as const;
/** Registered at T81001, with a complete record at every service. */
const PATIENTS = ["9000000009", "9990000018", "9990000026", "9990000042"] as const;

/** Two practices of the supplier reset connections; for the others a gateway responds with 502. */
export const FAULTS: readonly Fault[] = [
  { service: "PRACTICE", odsCode: HANGING, kind: "hang" },
  { service: "PRACTICE", odsCode: FAILING[0], kind: "reset" },
  { service: "SSP", odsCode: FAILING[1], kind: "reset" },
  ...FAILING.slice(2).map(
    (odsCode): Fault => ({
      service: "PRACTICE",
      odsCode,
      kind: { status: 502, contentType: "text/html", body: "<html><h1>502 Bad Gateway</h1></html>" },
    }),
  ),
];

const SLOTS = `query Slots($ods: ID!) {
  practice(odsCode: $ods) { odsCode name freeSlots(first: 20) { id start end type deliveryChannel } }
}`;
const CAPABILITIES =
  "query Can($ods: ID!) { practice(odsCode: $ods) { capabilities { canBookAppointments } } }";
const SEVERAL = `query Several($codes: [ID!]!) {
  practices(odsCodes: $codes) { odsCode freeSlots(first: 10) { id start } }
}`;
const STATUS = `query Status($nhs: ID!) {
  patient(nhsNumber: $nhs) { name { display } chargeableStatus { recorded status { code } } }
}`;
const CARD = `query Card($nhs: ID!) {
  patient(nhsNumber: $nhs) {
    name { display } dateOfBirth
    chargeableStatus { recorded status { code } category { code } }
    practice { odsCode capabilities { canBookAppointments } freeSlots(first: 20) { id start end } }
  }
}`;

/** The mix of the load on practices without faults, in per cent. */
const MIX: readonly (readonly [upTo: number, make: (random: Random) => Omit<Operation, "audience">])[] = [
  [45, (random) => ({ name: "slots", query: SLOTS, variables: { ods: pick(HEALTHY, random) } })],
  [
    60,
    (random) => ({ name: "capabilities", query: CAPABILITIES, variables: { ods: pick(HEALTHY, random) } }),
  ],
  [70, (random) => ({ name: "several", query: SEVERAL, variables: { codes: two(random) } })],
  [85, (random) => ({ name: "status", query: STATUS, variables: { nhs: pick(PATIENTS, random) } })],
  [100, (random) => ({ name: "card", query: CARD, variables: { nhs: pick(PATIENTS, random) } })],
];

/** Per cent of all operations that go to the hanging practice, and to the failing supplier. */
const TO_HANGING = 8;
const TO_FAILING = 16;

/** The next operation of the mix, which is the same in every phase. */
export function nextOperation(random: Random): Operation {
  const lot = random() * 100;
  if (lot < TO_HANGING) return slotsAt(HANGING, "hanging");
  if (lot < TO_HANGING + TO_FAILING) return slotsAt(pick(FAILING, random), "failing");
  const share = random() * 100;
  const [, make] = MIX.find(([upTo]) => share < upTo) ?? MIX[0] ?? [];
  if (!make) throw new Error("the mix is empty");
  return { ...make(random), audience: "healthy" };
}

function slotsAt(ods: string, audience: Audience): Operation {
  return { name: "slots", audience, query: SLOTS, variables: { ods } };
}

function two(random: Random): string[] {
  const first = pick(HEALTHY, random);
  return [
    first,
    pick(
      HEALTHY.filter((one) => one !== first),
      random,
    ),
  ];
}

function pick<T>(items: readonly T[], random: Random): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}
