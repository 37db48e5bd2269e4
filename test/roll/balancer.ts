import { Agent, request } from "undici";
import type { Member } from "./fleet.js";

const PROBE_MS = 200;

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** A request that got no response, with the process that it was sent to. */
export class LostRequest extends Error {
  override readonly name = "LostRequest";

  constructor(
    readonly member: Member | undefined,
    readonly reason: string,
  ) {
    super(`no response: ${reason}`);
  }
}

/**
 * Passes requests on as a balancer does: to the processes whose readiness was good at the last probe, in turns, over
 * connections that are kept. It retries nothing, so every request that a process loses is seen.
 */
export class Balancer {
  readonly #agent = new Agent({ connections: 64, keepAliveTimeout: 30_000, headersTimeout: 30_000 });
  readonly #ready = new Set<Member>();
  readonly #commands = new Map<Member, number>();
  #turn = 0;
  #isClosed = false;
  #probing: Promise<void> = Promise.resolve();

  constructor(private readonly members: readonly Member[]) {}

  async start(): Promise<void> {
    await this.#probeAll();
    const loop = async () => {
      while (!this.#isClosed) {
        await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
        await this.#probeAll();
      }
    };
    this.#probing = loop();
  }

  isReady(member: Member): boolean {
    return this.#ready.has(member);
  }

  /** The process with the most commands under way. */
  busiest(): Member | undefined {
    return [...this.#commands].sort(([, one], [, other]) => other - one)[0]?.[0];
  }

  /** @throws LostRequest */
  async post(body: { readonly query: string; readonly variables: object }): Promise<Reply> {
    const ready = this.members.filter((member) => this.#ready.has(member));
    this.#turn += 1;
    const member = ready[this.#turn % Math.max(1, ready.length)];
    if (member === undefined) throw new LostRequest(undefined, "no process is ready");
    const count = (by: number) => this.#commands.set(member, (this.#commands.get(member) ?? 0) + by);
    const isCommand = body.query.startsWith("mutation");
    if (isCommand) count(1);
    try {
      const response = await request(`${member.url}/graphql`, {
        dispatcher: this.#agent,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: response.statusCode, body: await response.body.text() };
    } catch (error) {
      throw new LostRequest(member, String((error as { code?: string }).code ?? error));
    } finally {
      if (isCommand) count(-1);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#probing;
    await this.#agent.close();
  }

  async #probeAll(): Promise<void> {
    const members = [...this.members];
    for (const gone of this.#ready) if (!members.includes(gone)) this.#ready.delete(gone);
    await Promise.all(members.map((member) => this.#probe(member)));
  }

  async #probe(member: Member): Promise<void> {
    const status = await request(`${member.url}/health/ready`, { headersTimeout: 2_000, reset: true }).then(
      async ({ statusCode, body }) => {
        await body.dump();
        return statusCode;
      },
      () => 0,
    );
    if (status === 200) this.#ready.add(member);
    else this.#ready.delete(member);
  }
}
