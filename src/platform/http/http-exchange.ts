import type { Dispatcher } from "undici";
import { isTimedOut } from "../resilience/deadline.js";
import { onAbort } from "../resilience/on-abort.js";
import { HttpFailure, toHttpFailure } from "./http-failure.js";

/** An answer as it came: header names in lower case, the body unpacked by nobody. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  readonly body: Buffer;
}

/** What ends an exchange early. */
export interface ExchangeEnd {
  /** For the whole exchange, head and body. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one request and collects its answer, straight from undici's dispatcher: a stream and an abort signal for each
 * exchange, which its `request` has, cost more than the exchange itself where a query makes a thousand of them.
 *
 * @throws HttpFailure when there is no whole answer by the end of the time, or of the signal.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { timeoutMs, signal }: ExchangeEnd,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    let underWay: Dispatcher.DispatchController | undefined;
    let endedAs: HttpFailure | undefined;
    let status = 0;
    let headers: RawResponse["headers"] = {};
    const chunks: Buffer[] = [];

    const forget = () => {
      clearTimeout(timer);
      stopListening?.();
    };
    const endAs = (kind: "timeout" | "cancelled") => {
      endedAs = new HttpFailure(kind);
      forget();
      reject(endedAs);
      underWay?.abort(endedAs);
    };
    const callOff = () => endAs(signal && isTimedOut(signal) ? "timeout" : "cancelled");
    const timer = setTimeout(endAs, timeoutMs, "timeout");
    const stopListening = signal && onAbort(signal, callOff);
    if (signal?.aborted) return callOff();

    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        underWay = controller;
        // It had waited for a connection, and nobody waits for it any more.
        if (endedAs) controller.abort(endedAs);
      },
      onResponseStart(_controller, statusCode, received) {
        // Of an answer in several heads (1xx) the last counts.
        status = statusCode;
        headers = received;
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd() {
        forget();
        resolve({ status, headers, body: Buffer.concat(chunks) });
      },
      onResponseError(_controller, error) {
        forget();
        reject(toHttpFailure(error));
      },
    });
  });
}
