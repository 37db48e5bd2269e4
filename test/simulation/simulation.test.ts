import { liveStory } from "./live-story.js";
import { planStory } from "./plan.js";
import { runStories } from "./run-stories.js";

/** The long run is `npm run simulate`. */
const BOOKINGS = 4_000;

// Proves HAZ-19-48, HAZ-FALSE-FAILURE.
test(`${BOOKINGS} bookings under any fault keep every promise`, async () => {
  const { failures, counts } = await runStories({ seed: "ci", bookings: BOOKINGS });
  expect(failures).toEqual([]);
  // It must not become a run in which nothing is ever booked, lost, changed or refused.
  const of = (name: string) => counts.get(name) ?? 0;
  for (const [kind, ...ends] of ENDS) {
    for (const end of ends) expect(of(`told, who asked to ${kind}: ${end}`)).toBeGreaterThan(0);
  }
  for (const by of ["us", "the practice"]) expect(of(`amended by ${by}`)).toBeGreaterThan(0);
}, 600_000);

const ENDS = [
  ["book", "booked", "booked-already", "unknown", "nothing", "not-booked, slot-unavailable SLOT_UNAVAILABLE"],
  ["cancel", "cancelled", "unknown"],
  ["amend", "amended", "unknown", "not-amended, changed"],
  ["register", "registered", "unknown"],
] as const;

test("the same seed is the same story", async () => {
  const lives = [];
  for (let life = 0; life < 2; life += 1) {
    const { history } = await liveStory(planStory("twice", 60));
    const book = history.book.map(({ traceId, ...line }) => ({ ...line, ours: traceId !== undefined }));
    lives.push({ asks: history.asks, book, calls: history.attempts.length, audit: history.audit.length });
  }
  expect(lives[1]).toEqual(lives[0]);
});

// Proves HAZ-19-48, HAZ-FALSE-FAILURE.
test("intents in a file keep every promise too", async () => {
  const report = await runStories({ seed: "file", bookings: 100, store: "file" });
  expect(report.failures).toEqual([]);
}, 60_000);
