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
 * - a response: sent instead of processing the request;
 * - `{ delayMs }`: processing starts later; at a practice even after the caller has disconnected from the proxy;
 * - `reset`: the connection is reset before processing;
 * - `hang`: no processing and no response;
 * - `reset-after-commit`: the request is processed, then the connection is reset.
 */
export type FaultKind =
  | FaultResponse
  | { readonly delayMs: number }
  | "reset"
  | "hang"
  | "reset-after-commit";

/** Which requests fail, how, and how often. Without `times` the fault stays until it is removed. */
export interface Fault {
  readonly service: ServiceName;
  readonly odsCode?: string;
  /** `slot-1`, `rest:search:slot-1` or the whole URN; `Patient.read`, `Patient.search` or `token` at PDS; `Endpoint` or `Device` at SDS. */
  readonly interaction?: string;
  readonly kind: FaultKind;
  readonly times?: number;
}

/** The properties of a request that faults match on. */
export interface FaultSubject {
  readonly service: ServiceName;
  readonly odsCode?: string | undefined;
  readonly interaction?: string | undefined;
}

/** The active faults. The first added fault that matches a request applies. */
export class FaultRegistry {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  /** Adds a fault. The returned function removes it. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => this.#remove(entry);
  }

  /** Removes all faults. */
  clear(): void {
    this.#faults.length = 0;
  }

  /** Returns the fault that applies to this request and counts one use of it. */
  take(subject: FaultSubject): FaultKind | undefined {
    const entry = this.#faults.find(({ fault }) => matches(fault, subject));
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#remove(entry);
    return entry.fault.kind;
  }

  #remove(entry: { readonly fault: Fault; left: number }): void {
    const index = this.#faults.indexOf(entry);
    if (index >= 0) this.#faults.splice(index, 1);
  }
}

function matches(fault: Fault, subject: FaultSubject): boolean {
  if (fault.service !== subject.service) return false;
  if (fault.odsCode !== undefined && fault.odsCode !== subject.odsCode) return false;
  if (fault.interaction === undefined) return true;
  return (
    subject.interaction === fault.interaction || !!subject.interaction?.endsWith(`:${fault.interaction}`)
  );
}
