import { Agent, request } from "undici";

/**
 * A bare request to an upstream, without anything of the graph: what it takes beyond the set latency is the share
 * of the upstream, the timers and the machine, and how much that varies is the noise of the day.
 */
export class Control {
  readonly #agent = new Agent({ connections: 1 });
  readonly beyond: number[] = [];

  /** @param url at an upstream that answers after so long. */
  constructor(
    private readonly url: string,
    private readonly latencyMs: number,
  ) {}

  async measure(): Promise<void> {
    const began = performance.now();
    const answer = await request(this.url, { dispatcher: this.#agent });
    await answer.body.dump();
    this.beyond.push(performance.now() - began - this.latencyMs);
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

/** So many bare requests to one address, a fixed number under way at once. */
export interface BareFlood {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: number;
  readonly width: number;
}

/**
 * The same number of requests at the same width by an HTTP client alone, with nothing read out of the answers: what
 * is left to the network, the far side and the machine. @returns milliseconds.
 */
export async function measureFlood(
  agent: Agent,
  { url, headers, requests, width }: BareFlood,
): Promise<number> {
  let left = requests;
  const began = performance.now();
  const line = async () => {
    while (left > 0) {
      left -= 1;
      const answer = await request(url, { dispatcher: agent, headers });
      await answer.body.text();
    }
  };
  await Promise.all(Array.from({ length: width }, line));
  return performance.now() - began;
}
