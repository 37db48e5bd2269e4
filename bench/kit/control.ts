import { Agent, request } from "undici";

/**
 * Measures a bare request to an upstream, without the graph. Its excess over the set latency is the share of the
 * upstream, the timers and the machine; the spread of the excess is the noise of the run.
 */
export class Control {
  readonly #agent = new Agent({ connections: 1 });
  readonly excessMs: number[] = [];

  /** @param url of an upstream that responds after `latencyMs`. */
  constructor(
    private readonly url: string,
    private readonly latencyMs: number,
  ) {}

  async measure(): Promise<void> {
    const began = performance.now();
    const response = await request(this.url, { dispatcher: this.#agent });
    await response.body.dump();
    this.excessMs.push(performance.now() - began - this.latencyMs);
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

/** Bare requests to one URL, with a fixed concurrency. */
export interface BareRequests {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: number;
  readonly concurrency: number;
}

/**
 * Sends the requests with an HTTP client alone and reads no content: the time that the network, the upstream and the
 * machine need. @returns milliseconds.
 */
export async function measureBareRequests(
  agent: Agent,
  { url, headers, requests, concurrency }: BareRequests,
): Promise<number> {
  let remaining = requests;
  const began = performance.now();
  const worker = async () => {
    while (remaining > 0) {
      remaining -= 1;
      const response = await request(url, { dispatcher: agent, headers });
      await response.body.text();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return performance.now() - began;
}
