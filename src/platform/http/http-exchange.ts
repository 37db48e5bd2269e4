import type { Dispatcher } from "undici";
import { isTimedOut } from "../resilience/deadline.js";
import { onAbort } from "../resilience/on-abort.js";
import { HttpFailure, toHttpFailure } from "./http-failure.js";

/** A response as received: header names in lower case, the body not decompressed. */
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
 * Sends one request and collects its response, with undici's dispatcher. Its `request` creates a stream and an abort
 * signal for each exchange, which cost more than the exchange itself when a query makes a thousand of them.
 *
 * @throws HttpFailure when no complete response arrives before the time-out or the end of the signal.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { timeoutMs, signal }: ExchangeEnd,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    let dispatched: Dispatcher.DispatchController | undefined;
    let endedAs: HttpFailure | undefined;
    let status = 0;
    let headers: RawResponse["headers"] = {};
    const chunks: Buffer[] = [];

    const cleanUp = () => {
      clearTimeout(timer);
      stopListening?.();
    };
    const endAs = (kind: "timeout" | "cancelled") => {
      endedAs = new HttpFailure(kind);
      cleanUp();
      reject(endedAs);
      dispatched?.abort(endedAs);
    };
    const cancel = () => endAs(signal && isTimedOut(signal) ? "timeout" : "cancelled");
    const timer = setTimeout(endAs, timeoutMs, "timeout");
    const stopListening = signal && onAbort(signal, cancel);
    if (signal?.aborted) return cancel();

    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        dispatched = controller;
        // The request waited for a connection until after its end.
        if (endedAs) controller.abort(endedAs);
      },
      onResponseStart(_controller, statusCode, received) {
        // After informational responses (1xx), the last head counts.
        status = statusCode;
        headers = received;
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd() {
        cleanUp();
        resolve({ status, headers, body: Buffer.concat(chunks) });
      },
      onResponseError(_controller, error) {
        cleanUp();
        reject(toHttpFailure(error));
      },
    });
  });
}
