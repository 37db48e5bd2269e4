/**
 * Every number of the traffic layer that is not a setting, and where it comes from. One call costs at most four
 * attempts and 1.5 s of our own pauses, and never outlasts its request.
 */

/** "At most three automated retries", for the consumer as a whole (GP Connect notes, 3.2 and 10.3). */
export const MAX_REPEATS = 3;

/** PDS and its token endpoint: "two or three attempts" (PDS notes, 9). */
export const PDS_MAX_REPEATS = 2;

/** After silence: each repeat may cost the whole time-out again, so one only. */
export const REPEATS_AFTER_SILENCE = 1;

/** A plain 500 of the practices "few" (GP Connect notes, 10.1); SDS's are mostly the same again (SDS notes, 9.6). */
export const REPEATS_AFTER_500 = 1;

/** Doubles once; between half and the whole of it is waited (PDS notes, 9: "from about 200–500 ms"). */
export const FIRST_PAUSE_MS = 300;
export const LONGEST_PAUSE_MS = 600;

/** A repeat must have as much time left as the attempt before took, and this at least. */
export const LEAST_ROOM_MS = 250;

/** After a 429 that does not say how long, as PDS's never do (PDS notes, 9): the window of the budgets. */
export const UNSAID_PAUSE_MS = 1_000;

/** An upstream is never believed for longer; then it is asked again, and may say so again. */
export const LONGEST_ASKED_PAUSE_MS = 5 * 60_000;

/** Design, section 7: a service's circuit opens at half of at least 20 attempts in 10 s. */
export const SERVICE_WINDOW_MS = 10_000;
export const SERVICE_LEAST_ATTEMPTS = 20;
export const SERVICE_FAILING_SHARE = 0.5;

/** Design, section 7: a practice's circuit opens at 5 failures in a row; of one call's attempts, the first counts. */
export const PRACTICE_FAILURES_IN_A_ROW = 5;

/** Design, section 7: one probe at latest every 5 s. */
export const PROBE_EVERY_MS = 5_000;

/**
 * A read that its own request cut short says nothing of the upstream, unless it had been out for as long as
 * practices may take at most (GP Connect notes, 12: "SHALL < 3000 ms").
 */
export const FAIR_CHANCE_MS = 3_000;

/**
 * Calls that may wait for one practice: somewhat more than eight places can serve within a request of 20 s, where
 * each answer takes the second that practices should take at most (GP Connect notes, 12).
 */
export const WAITING_FOR_PRACTICE = 200;

/** A request may hold so many places of a service for each one that is free: 60 of 64, so that another finds some. */
export const REQUEST_PER_FREE_PLACE = 15;

/** The budgets' window, and what lies between taking a permit and the request's first byte leaving. */
export const BUDGET_WINDOW_MS = 1_000;
export const BUDGET_GUARD_MS = 50;

/** PDS, SDS and the token endpoint give 5 requests a second, 300 a minute, to an application (PDS notes, 9; SDS notes, 9.6). */
export const DEFAULT_LIVE_RPS = 5;

/**
 * How many times its steady rate a gateway's spike arrest lets through: PDS three times (900 a minute to a quota of
 * 300), SDS not at all, so its calls are spaced evenly (PDS notes, 9; SDS notes, 9.6).
 */
export const SPIKE_FACTOR = { PDS: 3, SDS: 1 } as const;
