import type { FaultRegistry, ServiceName } from "./faults.js";
import type { ReceivedRequest, RequestHead, RequestRefusal, Service } from "./service.js";

/** Bounds memory in long runs such as benchmarks: above this number, the older half of the requests is dropped. */
const MOST_REQUESTS_KEPT = 100_000;

/** Longer request bodies are not kept. */
const MOST_BODY_CHARACTERS = 64_000;

/** Of all kept bodies together. Above it the oldest bodies are dropped; their requests stay. */
const MOST_CHARACTERS_KEPT = 16_000_000;

/** The practice and the interaction of a request. */
export type Described = ReturnType<Service["describe"]>;

/** A recorded request. What is known later is added to it. */
export type RequestEntry = {
  -readonly [Key in keyof ReceivedRequest]: ReceivedRequest[Key];
};

/** The requests that the sandbox has received, limited in number and size. */
export class RequestLog {
  readonly requests: ReceivedRequest[] = [];
  #lastId = 0;
  /** The requests with a body, oldest first, and the length of all these bodies. */
  readonly #withBody: RequestEntry[] = [];
  #charactersKept = 0;

  constructor(
    private readonly clock: { now(): number },
    private readonly faults: FaultRegistry,
  ) {}

  /** Records a request, and takes the fault that applies to it. A refused one gets none. */
  open(
    service: ServiceName,
    head: RequestHead,
    described: Described,
    refusal?: RequestRefusal,
  ): RequestEntry {
    this.#lastId += 1;
    const entry: RequestEntry = {
      id: this.#lastId,
      receivedAt: new Date(this.clock.now()).toISOString(),
      durationMs: undefined,
      service,
      ...head,
      ...described,
      body: undefined,
      status: undefined,
      refusal,
      fault: refusal ? undefined : this.faults.take({ service, ...described }),
    };
    this.requests.push(entry);
    if (this.requests.length > MOST_REQUESTS_KEPT) this.requests.splice(0, MOST_REQUESTS_KEPT / 2);
    return entry;
  }

  /** Keeps the body of a request, unless it is empty or too long. */
  keepBody(entry: RequestEntry, text: string): void {
    if (text === "" || text.length > MOST_BODY_CHARACTERS) return;
    entry.body = text;
    this.#withBody.push(entry);
    this.#charactersKept += text.length;
    while (this.#charactersKept > MOST_CHARACTERS_KEPT) {
      const oldest = this.#withBody.shift();
      this.#charactersKept -= oldest?.body?.length ?? 0;
      if (oldest) oldest.body = undefined;
    }
  }

  clear(): void {
    this.requests.length = 0;
    this.#withBody.length = 0;
    this.#charactersKept = 0;
  }
}
