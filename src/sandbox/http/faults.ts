/** The simulated services, as named in faults and in the record of requests. */
export type ServiceName = "PDS" | "SDS" | "SSP" | "PRACTICE" | "VM";

/** An answer that replaces the real one. */
export interface FaultResponse {
  readonly status: number;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What goes wrong.
 *
 * - an answer: given in place of the work;
 * - `{ delayMs }`: the work begins later; at a practice even when the proxy's caller has given up by then;
 * - `reset`: the connection is cut before any work;
 * - `hang`: never an answer, never any work;
 * - `reset-after-commit`: the work is done, then the connection is cut.
 */
export type FaultKind = FaultResponse | { readonly delayMs: number } | "reset" | "hang" | "reset-after-commit";

/** Where something goes wrong, what, and how often (for ever when `times` is left out). */
export interface Fault {
  readonly service: ServiceName;
  readonly odsCode?: string;
  /** `slot-1`, `rest:search:slot-1` or the whole URN; `Patient.read`, `Patient.search` or `token` at PDS; `Endpoint` or `Device` at SDS. */
  readonly interaction?: string;
  readonly kind: FaultKind;
  readonly times?: number;
}

/** What is known of a request before it is worked on. */
export interface FaultSubject {
  readonly service: ServiceName;
  readonly odsCode?: string | undefined;
  readonly interaction?: string | undefined;
}

/** The faults in force. The first that fits a request, in the order of adding, is the one that strikes. */
export class FaultRegistry {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  /** Puts a fault in force; the function returned takes it away again. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => this.#remove(entry);
  }

  /** Takes all faults away. */
  clear(): void {
    this.#faults.length = 0;
  }

  /** The fault that strikes this request, counted as used. */
  takeMatching(subject: FaultSubject): FaultKind | undefined {
    const entry = this.#faults.find(({ fault }) => fits(fault, subject));
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

function fits(fault: Fault, subject: FaultSubject): boolean {
  if (fault.service !== subject.service) return false;
  if (fault.odsCode !== undefined && fault.odsCode !== subject.odsCode) return false;
  if (fault.interaction === undefined) return true;
  return (
    subject.interaction === fault.interaction || !!subject.interaction?.endsWith(`:${fault.interaction}`)
  );
}
