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
 * Collects the response to one request, as the handler of undici's `dispatch`. Its `request` creates a stream and an abort
 * signal for each exchange, which cost more than the exchange itself when a query makes a thousand of them.
 *
 * Resolves with the complete response. Rejects with an HttpFailure when none arrives before the time-out or the end of the
 * signal.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #timer: NodeJS.Timeout;
  readonly #endsAt: number;
  readonly #stopListening: (() => void) | undefined;
  readonly #chunks: Buffer[] = [];
  #dispatched: Dispatcher.DispatchController | undefined;
  #endedAs: HttpFailure | undefined;
  #status = 0;
  #headers: RawResponse["headers"] = {};

  constructor(
    { timeoutMs, signal }: ExchangeEnd,
    private readonly resolve: (response: RawResponse) => void,
    private readonly reject: (failure: HttpFailure) => void,
  ) {
    const cancel = () => this.#endAs(signal && isTimedOut(signal) ? "timeout" : "cancelled");
    this.#endsAt = performance.now() + timeoutMs;
    this.#timer = setTimeout(() => this.#endAs("timeout"), timeoutMs);
    this.#stopListening = signal && onAbort(signal, cancel);
    if (signal?.aborted) cancel();
  }

  /** True once the time-out or the signal has ended the exchange. */
  get hasEndedEarly(): boolean {
    return this.#endedAs !== undefined;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#dispatched = controller;
    // A process that was paused while it connected would write before its timers run.
    if (!this.#endedAs && performance.now() >= this.#endsAt) this.#endAs("timeout");
    // The request waited for a connection until after its end.
    else if (this.#endedAs) controller.abort(this.#endedAs);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: RawResponse["headers"],
  ): void {
    // After informational responses (1xx), the last head counts.
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#cleanUp();
    this.resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#cleanUp();
    this.reject(toHttpFailure(error));
  }

  #endAs(kind: "timeout" | "cancelled"): void {
    this.#endedAs = new HttpFailure(kind);
    this.#cleanUp();
    this.reject(this.#endedAs);
    this.#dispatched?.abort(this.#endedAs);
  }

  #cleanUp(): void {
    clearTimeout(this.#timer);
    this.#stopListening?.();
  }
}
