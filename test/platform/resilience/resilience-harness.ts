import { UpstreamError, type UpstreamErrorDetails } from "../../../src/platform/errors.js";
import { withDeadline } from "../../../src/platform/resilience/deadline.js";
import type { OutboundCall, ResiliencePipeline } from "../../../src/platform/resilience/index.js";

/** A read of PDS by one caller in one request, unless said otherwise. Each has a request of its own. */
export function aCall(overrides: Partial<OutboundCall> = {}): OutboundCall {
  const signal = overrides.signal ?? new AbortController().signal;
  return { service: "PDS", target: null, purpose: "read", flow: ["anna", "1"], ...overrides, signal };
}

/** A call to a practice behind the proxy. */
export function toPractice(odsCode: string, overrides: Partial<OutboundCall> = {}): OutboundCall {
  return aCall({ service: "SSP", target: odsCode, ...overrides });
}

/** A request's signal, which ends in so many milliseconds of the fake clock and knows it. */
export function deadline(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException("late", "TimeoutError")), ms);
  return withDeadline(ms, controller.signal);
}

type Details = Partial<UpstreamErrorDetails>;

/** An error as a client throws it. */
export function upstreamError(details: Details = {}): UpstreamError {
  return new UpstreamError("it failed", {
    service: "PDS",
    code: "UPSTREAM_UNAVAILABLE",
    retryable: true,
    ...details,
  });
}

/** The practice did not answer the proxy. */
export const practiceDown = (): UpstreamError => upstreamError({ service: "PROVIDER", httpStatus: 502 });

/** The proxy said so itself. */
export const proxyDown = (): UpstreamError => upstreamError({ service: "SSP", httpStatus: 503 });

/** A cut connection or a bare answer: it may be either. */
export const eitherDown = (httpStatus?: number): UpstreamError =>
  upstreamError({ service: "SSP", httpStatus, originUnsure: true });

export const tooMany = (details: Details = {}): UpstreamError =>
  upstreamError({ code: "UPSTREAM_RATE_LIMITED", httpStatus: 429, ...details });

export const refused = (details: Details = {}): UpstreamError =>
  upstreamError({ code: "UPSTREAM_REFUSED", httpStatus: 404, retryable: false, ...details });

/** An attempt that lasts so long by the fake clock. */
export function lasting<T>(ms: number, answer: T | Error): () => Promise<T> {
  return () =>
    new Promise((resolve, reject) => {
      setTimeout(() => (answer instanceof Error ? reject(answer) : resolve(answer)), ms);
    });
}

/** An attempt that takes its ends from a list, the last one over and over. */
export function attempts<T>(...ends: readonly (T | Error)[]) {
  let made = 0;
  return jest.fn(async () => {
    const end = ends[Math.min(made++, ends.length - 1)] as T | Error;
    // An error of its own for each attempt, as in life.
    if (end instanceof UpstreamError) throw new UpstreamError(end.message, end);
    if (end instanceof Error) throw end;
    return end;
  });
}

/** What a promise ends in, once the fake clock has run on. */
export async function endOf<T>(promise: Promise<T>, afterMs = 60_000): Promise<T | UpstreamError> {
  const end = promise.catch((error: unknown) => {
    if (error instanceof UpstreamError) return error;
    throw error;
  });
  await jest.advanceTimersByTimeAsync(afterMs);
  return end;
}

/** Makes calls of one attempt each, one after another. */
export async function make(
  resilience: ResiliencePipeline,
  count: number,
  call: () => OutboundCall,
  end: string | Error,
) {
  for (let made = 0; made < count; made++) {
    await resilience.run({ ...call(), maxRetries: 0 }, attempts<string>(end)).catch(() => {});
  }
}

/** What a call is told now, `sent` when it is let through. */
export async function told(resilience: ResiliencePipeline, call: OutboundCall): Promise<string> {
  return resilience
    .run(call, attempts("sent"))
    .catch(({ code, service, reason, retryable, outcomeUnknown }) => {
      expect([code, reason, retryable, outcomeUnknown]).toEqual([
        "UPSTREAM_UNAVAILABLE",
        "CIRCUIT_OPEN",
        true,
        false,
      ]);
      return `${service} is open`;
    });
}

/** A generator of numbers from 0 to 1 that always gives the same ones. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
