import { checkHistory } from "./checker/check-history.js";
import type { Violation } from "./checker/violation.js";
import type { Told } from "./history.js";
import { liveStory } from "./live-story.js";
import { planStory } from "./plan.js";
import type { Sabotage } from "./world/world.js";

const ASKS = 100;
const MOST_STORIES = 20;

/** Lives one story with a fault planted into it, and gives the rules that the checker finds broken. */
async function rulesBroken(sabotage: Sabotage, story = 2): Promise<Set<Violation["rule"]>> {
  const { history } = await liveStory(planStory(`ci-${story}`, ASKS), sabotage);
  return new Set(checkHistory(history).violations.map(({ rule }) => rule));
}

/** Not every story gives every fault an occasion: lives through some, until the rule is broken. */
async function isFound(rule: Violation["rule"], sabotage: Sabotage): Promise<boolean> {
  for (let story = 0; story < MOST_STORIES; story += 1) {
    if ((await rulesBroken(sabotage, story)).has(rule)) return true;
  }
  return false;
}

test("without a planted fault, nothing is found", async () => {
  expect([...(await rulesBroken({}))]).toEqual([]);
});

test.each<Violation["rule"]>(["two for one slot", "two for one key", "two for one patient"])(
  "a write that is carried out twice is found: %s",
  async (rule) => {
    expect(await isFound(rule, { doubleWrites: true })).toBe(true);
  },
);

/** Tells a lie to those who would have been told something of that kind. */
function lying<K extends Told["kind"]>(to: K, lie: (told: Extract<Told, { kind: K }>) => Told): Sabotage {
  return { tell: (told) => (told.kind === to ? lie(told as Extract<Told, { kind: K }>) : told) };
}

const BOOKED = { kind: "booked", status: "booked", version: "1", registered: false } as const;

test.each<[string, Violation["rule"], Sabotage]>([
  ["not booked", "not booked and appears", lying("booked", () => ({ kind: "not-booked", why: "a lie" }))],
  [
    "the slot is taken",
    "not booked and appears",
    lying("booked", () => ({ kind: "not-booked", why: "slot-unavailable SLOT_UNAVAILABLE" })),
  ],
  [
    "booked, and it is nothing",
    "booked and does not stand",
    lying("not-booked", () => ({ ...BOOKED, appointmentId: "no-such-appointment" })),
  ],
  [
    "booked, and it is another's",
    "booked and does not stand",
    lying("not-booked", () => ({ ...BOOKED, appointmentId: "appointment-1" })),
  ],
  [
    "cancelled since",
    "booked and does not stand",
    lying("booked", (told) => ({ ...told, status: "cancelled" })),
  ],
  [
    "booked already, for nobody",
    "booked already and is not",
    lying("not-booked", () => ({ kind: "booked-already" })),
  ],
  [
    "booked already, by this key itself",
    "given to another key",
    lying("booked", () => ({ kind: "booked-already" })),
  ],
  [
    "cancelled",
    "cancelled and stands",
    lying("not-cancelled", () => ({ kind: "cancelled", appointmentId: "appointment-1" })),
  ],
  [
    "not cancelled",
    "not cancelled and is",
    lying("cancelled", () => ({ kind: "not-cancelled", why: "a lie" })),
  ],
  [
    "amended",
    "amended and is not",
    lying("not-amended", () => ({ kind: "amended", appointmentId: "appointment-1", version: "1" })),
  ],
  [
    "amended, in a version that is not",
    "amended and is not",
    lying("amended", (told) => ({ ...told, version: "99" })),
  ],
  ["not amended", "not amended and is", lying("amended", () => ({ kind: "not-amended", why: "a lie" }))],
  [
    "changed, and it is as seen",
    "not amended and is",
    lying("not-amended", (told) => ({ ...told, version: "0" })),
  ],
  [
    "registered",
    "registered and is not",
    lying("not-registered", () => ({ kind: "registered", already: false })),
  ],
  [
    "not registered",
    "not registered and is",
    lying("registered", () => ({ kind: "not-registered", why: "a lie" })),
  ],
  [
    "not sent",
    "not sent and was",
    lying("booked", () => ({ kind: "not-sent", why: "a lie", words: "this request" })),
  ],
  [
    "nothing was sent, of whatever ask",
    "speaks for other asks",
    lying("not-sent", (told) => ({ ...told, words: "Nothing was sent." })),
  ],
  [
    "unknown, for good",
    "not settled",
    { tell: (told, index) => (index < 1_000_000 ? told : { kind: "unknown" }) },
  ],
  ["a crash", "crash", lying("booked", () => ({ kind: "crash", why: "a lie" }))],
])("a lying '%s' is found", async (_lie, rule, sabotage) => {
  expect(await isFound(rule, sabotage)).toBe(true);
});

test("an unknown that nobody settles is found", async () => {
  expect(await rulesBroken({ noSweeper: true })).toContain("not settled");
});

test("a record of the audit that is missing, doubled, out of order or untrue is found", async () => {
  const onOne = (change: NonNullable<Sabotage["audit"]>): Sabotage => {
    let count = 0;
    return { audit: (line) => (line.sspTraceId !== undefined && ++count === 20 ? change(line) : [line]) };
  };
  expect(await rulesBroken(onOne(() => []))).toContain("audit");
  expect(await rulesBroken(onOne((line) => [line, line]))).toContain("audit");
  expect(await rulesBroken(onOne((line) => [{ ...line, outcome: "BLOCKED" }]))).toContain("audit");
  let kept: Parameters<NonNullable<Sabotage["audit"]>>[0] | undefined;
  const swapped = onOne((line) => {
    kept = line;
    return [];
  });
  const audit: Sabotage["audit"] = (line) => {
    const lines = swapped.audit?.(line) ?? [];
    if (kept === undefined || lines.length === 0) return lines;
    const [late] = [kept];
    kept = undefined;
    return [...lines, late];
  };
  expect(await rulesBroken({ audit })).toContain("audit");
});
