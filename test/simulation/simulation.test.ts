import { liveStory } from "./live-story.js";
import { planStory } from "./plan.js";
import { runStories } from "./run-stories.js";

/** `SIMULATION_BOOKINGS=1000000` makes it the long run. */
const BOOKINGS = Number(process.env.SIMULATION_BOOKINGS ?? 2_000);
/** Ends the long run earlier; what was lived through until then counts. */
const UNTIL_MS = Number(process.env.SIMULATION_SECONDS ?? 3_000) * 1_000;
const SEED = process.env.SIMULATION_SEED ?? "ci";

test(`up to ${BOOKINGS} bookings under any fault keep every promise, but for the one that is known to be open`, async () => {
  const report = await runStories({ seed: SEED, bookings: BOOKINGS, untilMs: UNTIL_MS });
  if (process.env.SIMULATION_BOOKINGS !== undefined) console.log(report.summary);
  expect(report.failure).toBeUndefined();
  // It must not become a run in which nothing is ever booked, lost or cancelled.
  for (const told of ["booked", "unknown", "cancelled"]) {
    expect(report.counts.get(`told ${told}`)).toBeGreaterThan(
      (report.counts.get("asked to book") ?? 0) / 200,
    );
  }
}, 3_600_000);

test("the same seed is the same story", async () => {
  const lives = [];
  for (let life = 0; life < 2; life += 1) {
    const { history } = await liveStory(planStory("twice", 60));
    const book = history.book.map(({ traceId, ...line }) => ({ ...line, ours: traceId !== undefined }));
    lives.push({ asks: history.asks, book, calls: history.attempts.length, audit: history.audit.length });
  }
  expect(lives[1]).toEqual(lives[0]);
});

test("intents in a file keep every promise too", async () => {
  const report = await runStories({ seed: "file", bookings: 100, store: "file" });
  expect(report.failure).toBeUndefined();
}, 60_000);
