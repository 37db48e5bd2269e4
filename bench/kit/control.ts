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
