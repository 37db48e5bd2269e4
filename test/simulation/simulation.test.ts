import { runScenario } from "./run-scenario.js";
import { runScenarios } from "./run-scenarios.js";
import { createScenario } from "./scenario.js";
import { behaviourOf } from "./world/supplier-behaviour.js";

/** The long run is `npm run simulate`. */
const BOOKINGS = 1_500;

// Proves HAZ-19-48, HAZ-FALSE-FAILURE.
test(`every invariant holds in scenarios with ${BOOKINGS} bookings and all faults`, async () => {
  const { failures, counts } = await runScenarios({ seed: "ci", bookings: BOOKINGS });
  expect(failures).toEqual([]);
  // A run in which nothing is booked, lost, changed or refused would prove nothing.
  const of = (name: string) => counts.get(name) ?? 0;
  for (const [kind, ...ends] of ENDS) {
    for (const end of ends) expect(of(`${kind} reply: ${end}`)).toBeGreaterThan(0);
  }
  for (const by of ["us", "the practice"]) expect(of(`amended by ${by}`)).toBeGreaterThan(0);
}, 600_000);

const ENDS = [
  ["book", "booked", "booked-already", "unknown", "nothing", "not-booked, slot-unavailable SLOT_UNAVAILABLE"],
  ["cancel", "cancelled", "unknown"],
  ["amend", "amended", "unknown", "not-amended, changed"],
  ["register", "registered", "unknown"],
] as const;

test("the same seed gives the same scenario and the same replies", async () => {
  const runs = [];
  for (let run = 0; run < 2; run += 1) {
    const { history } = await runScenario(createScenario("twice", 60));
    const appointments = history.appointments.map(({ traceId, ...event }) => ({
      ...event,
      ours: traceId !== undefined,
    }));
    runs.push({
      requests: history.requests,
      appointments,
      calls: history.attempts.length,
      audit: history.audit.length,
    });
  }
  expect(runs[1]).toEqual(runs[0]);
});

// Proves HAZ-19-48, HAZ-FALSE-FAILURE.
test("every invariant holds with the intents in a file", async () => {
  const report = await runScenarios({ seed: "file", bookings: 50, store: "file" });
  expect(report.failures).toEqual([]);
}, 60_000);

// Proves HAZ-19-48, HAZ-FALSE-FAILURE.
test.each(["strict-1.2.7", "demonstrator-like", "comment-in-description"])(
  "every invariant holds at practices of the supplier profile %s",
  async (profile) => {
    const report = await runScenarios({ seed: profile, bookings: 100, practice: behaviourOf(profile) });
    expect(report.failures).toEqual([]);
    expect(report.counts.get("book reply: booked") ?? 0).toBeGreaterThan(0);
  },
  60_000,
);
