import { checkHistory, type Violation } from "./checker/check-history.js";
import type { Told } from "./history.js";
import { liveStory } from "./live-story.js";
import { planStory } from "./plan.js";
import type { Sabotage } from "./world/world.js";

const SEED = "ci-2";
const ASKS = 60;

/** Lives one story with a fault planted into it, and gives the rules that the checker finds broken. */
async function rulesBroken(sabotage: Sabotage): Promise<Set<Violation["rule"]>> {
  const { history } = await liveStory(planStory(SEED, ASKS), sabotage);
  return new Set(checkHistory(history).violations.map(({ rule }) => rule));
}

test("without a planted fault, nothing is found", async () => {
  expect([...(await rulesBroken({}))]).toEqual([]);
});

test("a create that is carried out twice is found, by slot and by key", async () => {
  const rules = await rulesBroken({ doubleCreates: true });
  expect(rules).toContain("two for one slot");
  expect(rules).toContain("two for one key");
});

test("a lying 'not booked' is found", async () => {
  const tell = (told: Told): Told => (told.kind === "booked" ? { kind: "not-booked", why: "a lie" } : told);
  expect(await rulesBroken({ tell })).toContain("not booked and appears");
});

test("a lying 'booked' is found: of nothing, and of somebody else's appointment", async () => {
  const lies = ["no-such-appointment", "appointment-1"].map((appointmentId) => (told: Told): Told => {
    const lie = { kind: "booked", appointmentId, status: "booked", version: "1" } as const;
    return told.kind === "not-booked" ? lie : told;
  });
  for (const tell of lies) expect(await rulesBroken({ tell })).toContain("booked and does not stand");
});

test("a lying 'cancelled' is found", async () => {
  const tell = (told: Told): Told =>
    told.kind === "booked" ? { kind: "cancelled", appointmentId: told.appointmentId } : told;
  expect(await rulesBroken({ tell })).toContain("cancelled and stands");
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
