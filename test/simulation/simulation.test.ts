import { runStories } from "./run-stories.js";

/** `SIMULATION_BOOKINGS=1000000` makes it the long run. */
const BOOKINGS = Number(process.env.SIMULATION_BOOKINGS ?? 2_000);
/** Ends the long run earlier; what was lived through until then counts. */
const UNTIL_MS = Number(process.env.SIMULATION_SECONDS ?? 3_000) * 1_000;
const SEED = process.env.SIMULATION_SEED ?? "ci";

test(`${BOOKINGS} bookings under any fault keep every promise`, async () => {
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
