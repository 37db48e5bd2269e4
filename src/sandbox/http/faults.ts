/** The simulated services, as named in faults and in received requests. */
export type ServiceName = "PDS" | "SDS" | "SSP" | "PRACTICE" | "VM";

/** A response that replaces the service's own. */
export interface FaultResponse {
  readonly status: number;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The kinds of fault.
 *
 * Before processing:
 * - a response: sent instead of processing the request;
 * - `{ delayMs }`: processing starts later; at a practice even after the caller has disconnected from the proxy;
 * - `reset`: the connection is reset before processing;
 * - `hang`: no processing and no response.
 *
 * After the commit:
 * - `reset-after-commit`: the request is processed, then the connection is reset;
 * - `{ afterCommit }`: the request is processed, then the caller gets this response, or none for `hang`.
 *
 * Before the commit, of which the caller learns nothing (at a practice only):
 * - `{ lateCommit }`: the caller gets this response, a reset or none at once; the request is processed `delayMs`
 *   later. Without `delayMs` processing starts at once or, with a hold at `processing`, when it is released.
 */
export type FaultKind =
  | FaultResponse
  | { readonly delayMs: Delay }
  | "reset"
  | "hang"
  | "reset-after-commit"
  | { readonly afterCommit: FaultResponse | "reset" | "hang" }
  | {
      readonly lateCommit: { readonly response: FaultResponse | "reset" | "hang"; readonly delayMs?: Delay };
    };

/** A fixed number of milliseconds, or a distribution of which each request draws a value. */
export type Delay =
  | number
  | { readonly distribution: "uniform"; readonly minMs: number; readonly maxMs: number }
  | { readonly distribution: "exponential"; readonly meanMs: number };

/** Which requests a fault or a hold applies to. */
export interface RequestSelector {
  readonly service: ServiceName;
  readonly odsCode?: string;
  /** `slot-1`, `rest:search:slot-1` or the whole URN; `Patient.read`, `Patient.search` or `token` at PDS; `Endpoint`, `Device` or (by LDAP) `search` at SDS. */
  readonly interaction?: string;
}

/** Which requests fail, how, and how often. */
export interface Fault extends RequestSelector {
  readonly kind: FaultKind;
  /** How often the fault applies before it ends. Absent: until it is removed. */
  readonly times?: number;
  /** The share of matching requests that the fault applies to, from 0 to 1. Absent: all. */
  readonly probability?: number;
}

/** The properties of a request that faults match on. */
export interface FaultSubject {
  readonly service: ServiceName;
  readonly odsCode?: string | undefined;
  readonly interaction?: string | undefined;
}

/** An active fault. */
export interface ListedFault extends Fault {
  readonly id: string;
  /** How often it will still apply. Absent: until it is removed. */
  readonly remaining?: number;
}

interface FaultEntry {
  readonly id: string;
  readonly fault: Fault;
  left: number;
}

/** The active faults. The first added fault that matches a request applies. */
export class FaultRegistry {
  readonly #faults: FaultEntry[] = [];
  #nextId = 1;

  /** @param random returns numbers in [0, 1) for probabilities */
  constructor(private readonly random: () => number = Math.random) {}

  /**
   * Adds a fault. The returned function removes it.
   *
   * @throws RangeError for a late commit at a service other than `PRACTICE`: only practices commit.
   */
  add(fault: Fault): () => void {
    if (isLateCommit(fault.kind) && fault.service !== "PRACTICE") {
      throw new RangeError("A late commit is possible at the service PRACTICE only");
    }
    const entry = { id: String(this.#nextId++), fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => this.#remove(entry);
  }

  /** The active faults with their remaining uses, in the order in which they apply. */
  list(): readonly ListedFault[] {
    return this.#faults.map(({ id, fault, left }) => ({
      id,
      ...fault,
      ...(Number.isFinite(left) ? { remaining: left } : {}),
    }));
  }

  /** Removes the fault with this id of `list`. Returns false when there is none. */
  remove(id: string): boolean {
    const entry = this.#faults.find((one) => one.id === id);
    if (entry) this.#remove(entry);
    return entry !== undefined;
  }

  /** Removes all faults. */
  clear(): void {
    this.#faults.length = 0;
  }

  /** Returns the fault that applies to this request and counts one use of it. */
  take(subject: FaultSubject): FaultKind | undefined {
    const entry = this.#faults.find(
      ({ fault }) =>
        matchesSelector(fault, subject) &&
        (fault.probability === undefined || this.random() < fault.probability),
    );
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#remove(entry);
    return entry.fault.kind;
  }

  #remove(entry: FaultEntry): void {
    const index = this.#faults.indexOf(entry);
    if (index >= 0) this.#faults.splice(index, 1);
  }
}

/** Whether a fault responds to the caller before the request is processed. */
export function isLateCommit(kind: FaultKind): kind is Extract<FaultKind, { lateCommit: unknown }> {
  return typeof kind === "object" && "lateCommit" in kind;
}

/** Draws a delay in milliseconds. */
export function drawDelay(delay: Delay, random: () => number = Math.random): number {
  if (typeof delay === "number") return delay;
  if (delay.distribution === "uniform") return delay.minMs + random() * (delay.maxMs - delay.minMs);
  return -Math.log(1 - random()) * delay.meanMs;
}

/** Whether a selector matches a request. */
export function matchesSelector(selector: RequestSelector, subject: FaultSubject): boolean {
  if (selector.service !== subject.service) return false;
  if (selector.odsCode !== undefined && selector.odsCode !== subject.odsCode) return false;
  if (selector.interaction === undefined) return true;
  return (
    subject.interaction === selector.interaction ||
    !!subject.interaction?.endsWith(`:${selector.interaction}`)
  );
}
