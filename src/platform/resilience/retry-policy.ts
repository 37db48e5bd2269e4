import { ConstantBackoff, ExponentialBackoff, halfJitterGenerator, handleWhen, retry } from "cockatiel";
import { UpstreamError } from "../errors.js";
import type { CalledService } from "../telemetry/call-log.js";
import { remainingMs } from "./deadline.js";
import { NotSentError } from "./not-sent.js";
import {
  FIRST_PAUSE_MS,
  LEAST_ROOM_MS,
  LONGEST_PAUSE_MS,
  MAX_REPEATS,
  PDS_MAX_REPEATS,
  REPEATS_AFTER_500,
  REPEATS_AFTER_SILENCE,
  UNSAID_PAUSE_MS,
} from "./numbers.js";
import { onAbort } from "./on-abort.js";

/** The pauses, so that tests need not wait. */
export interface RepeatPauses {
  readonly firstMs: number;
  readonly longestMs: number;
  /** After a 429 that does not say. */
  readonly unsaidMs: number;
}

export const REPEAT_PAUSES: RepeatPauses = {
  firstMs: FIRST_PAUSE_MS,
  longestMs: LONGEST_PAUSE_MS,
  unsaidMs: UNSAID_PAUSE_MS,
};

/** What is repeated, and how. */
export interface RepeatRules {
  readonly service: CalledService;
  readonly purpose: "read" | "write";
  readonly signal: AbortSignal;
  /** Less than the general ceiling, for calls that cost more than they seem to. */
  readonly maxRepeats?: number | undefined;
  /** Fetches new credentials before the next attempt. With it, one 401 is repeated. */
  readonly renew?: (() => void) | undefined;
}

/** One attempt as it went, for the decision whether to make another. */
export interface AttemptNote {
  readonly isRepeat: boolean;
  /** Undefined until the request has left us. */
  sentAt?: number;
  /** Whether another attempt would be let through now. */
  roadIsOpen: boolean;
}

/**
 * How often a read may be repeated after this failure (GP Connect notes, 10.3; PDS notes, 8.2 and 9; SDS notes, 9.6;
 * V&M notes, 7). Never after any other 4xx, an answer that cannot be used, or a failure of TLS. A changed
 * address needs a new look-up, which is not ours to make.
 */
export function repeatsAfter(service: CalledService, { code, httpStatus, retryable }: UpstreamError): number {
  const most = MOST_REPEATS[service];
  switch (httpStatus) {
    case undefined:
      if (code === "UPSTREAM_TIMEOUT") return REPEATS_AFTER_SILENCE;
      return code === "UPSTREAM_UNAVAILABLE" && retryable ? most : 0;
    case 429:
    case 502:
    case 503:
    case 504:
    case 599:
      return most;
    case 408:
      return service === "PDS" || service === "TOKEN" ? most : 0;
    case 444:
      return service === "SSP" ? most : 0;
    case 501:
      return 0;
    default:
      return httpStatus >= 500 ? REPEATS_AFTER_5XX[service] : 0;
  }
}

const MOST_REPEATS: Record<CalledService, number> = {
  PDS: PDS_MAX_REPEATS,
  TOKEN: PDS_MAX_REPEATS,
  SDS: MAX_REPEATS,
  SSP: MAX_REPEATS,
  VM: MAX_REPEATS,
};

/** V&M's notes name the gateways' statuses only. */
const REPEATS_AFTER_5XX: Record<CalledService, number> = {
  PDS: PDS_MAX_REPEATS,
  TOKEN: PDS_MAX_REPEATS,
  SDS: REPEATS_AFTER_500,
  SSP: REPEATS_AFTER_500,
  VM: 0,
};

/**
 * Makes the attempts of one call: the first, and repeats of reads with growing, jittered pauses, as long as one more
 * fits into what is left of the request. The only layer that repeats anything.
 *
 * @throws what the last attempt that was sent ended in.
 */
export async function withRepeats<T>(
  rules: RepeatRules,
  pauses: RepeatPauses,
  attempt: (note: AttemptNote) => Promise<T>,
): Promise<T> {
  const { firstMs: initialDelay, longestMs: maxDelay } = pauses;
  const backoff = new ExponentialBackoff({ initialDelay, maxDelay, generator: halfJitterGenerator });
  let step = backoff.next();
  let pauseMs = 0;
  let repeats = 0;
  let renewed = false;
  let note: AttemptNote = { isRepeat: false, roadIsOpen: true };
  let failure: Error | undefined;

  const decide = (error: Error): boolean => {
    if (!(error instanceof UpstreamError) || note.sentAt === undefined) return false;
    failure = error;
    if (rules.purpose === "write" || rules.signal.aborted) return false;
    if (error.httpStatus === 401 && rules.renew && !renewed) {
      renewed = true;
      pauseMs = 0;
      rules.renew();
      return true;
    }
    if (repeats >= Math.min(rules.maxRepeats ?? MAX_REPEATS, repeatsAfter(rules.service, error)))
      return false;
    pauseMs = step.duration;
    step = step.next(undefined);
    repeats += 1;
    const asked = error.retryAfterMs ?? (error.httpStatus === 429 ? pauses.unsaidMs : 0);
    const room = Math.max(LEAST_ROOM_MS, performance.now() - note.sentAt);
    return note.roadIsOpen && Math.max(pauseMs, asked) + room < remainingMs(rules.signal);
  };

  const policy = retry(handleWhen(decide), { maxAttempts: MAX_REPEATS, backoff: new ConstantBackoff(0) });
  return policy.execute(async () => {
    note = { isRepeat: failure !== undefined, roadIsOpen: true };
    // Waited for here and not in the policy, whose pauses cannot be broken off.
    if (failure && !(await pause(pauseMs, rules.signal))) throw failure;
    try {
      return await attempt(note);
    } catch (error) {
      // A repeat that never left says less than the attempt before it.
      throw failure && error instanceof NotSentError ? failure : error;
    }
  });
}

/** @returns false when the signal ended first. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  if (ms <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (whole: boolean) => {
      clearTimeout(timer);
      stopListening();
      resolve(whole);
    };
    const timer = setTimeout(() => end(true), ms);
    const stopListening = onAbort(signal, () => end(false));
  });
}
