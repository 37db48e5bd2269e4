import { HttpFailure } from "../../../src/platform/http/http-client.js";
import type { CallResult } from "../../../src/upstreams/upstream-call.js";
import { badResponse } from "../../../src/upstreams/upstream-errors.js";
import { httpFailureToError, statusToError } from "../../../src/upstreams/upstream-failures.js";
import type { AttemptRecord } from "../history.js";
import type { Random } from "../kit/random.js";
import type { Scheduler } from "../kit/scheduler.js";
import type { Handling, PracticeResponse } from "./practice.js";

/** The client's time-out, and the late-commit bound of the practice (design section 9). */
const TIMEOUT_MS = 8_000;
const LATE_COMMIT_BOUND_MS = 30_000;

/** Whether and when the request takes effect: at once, never, or late. */
type Effect = "now" | "never" | "late";
const EFFECTS: readonly Effect[] = ["now", "never", "late"];
const STATUSES = [500, 502, 503, 504, 599] as const;
const UNCLEAR = ["reset", "timeout", ...STATUSES] as const;
type Unclear = (typeof UNCLEAR)[number];

export type Fault =
  | { readonly kind: "none" | "refused" | "unusable" | "duplicated" }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "unclear"; readonly how: Unclear; readonly effect: Effect };

export interface WireCall<T> {
  readonly process: string;
  readonly traceId: string;
  readonly correlationId: string;
  readonly operation: string;
  readonly service: "PDS" | "PROVIDER";
  readonly write: boolean;
  /** The random stream of the journey. */
  readonly random: Random;
  readonly isAlive: () => boolean;
  readonly slotIds?: readonly string[] | undefined;
  /** Runs when the request arrives. */
  readonly apply: () => Handling<T>;
}

/** The network between the service and its upstreams, with its faults. */
export class Network {
  readonly attempts: AttemptRecord[] = [];
  readonly faults = new Map<string, number>();
  /** The share of calls with a fault. */
  faultRate = 0;
  isPracticeDown = false;
  /** The share of writes of which a copy arrives after the response. */
  lateCopies = 0;
  #ends = 0;

  /** @param duplicatesAll plants a fault: every write is delivered twice. */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly duplicatesAll = false,
  ) {}

  send<T>(call: WireCall<T>): Promise<CallResult<T>> {
    const { traceId, correlationId, operation, write, random, service, slotIds } = call;
    const fault =
      this.isPracticeDown && service === "PROVIDER"
        ? unreachable(random)
        : this.#pickFault(random, write, write || operation === "list" || operation === "read");
    const name = nameOf(fault);
    this.#count(name);
    const sentAt = this.scheduler.now();
    const attempt: AttemptRecord = {
      process: call.process,
      traceId,
      correlationId,
      operation,
      write,
      fault: name,
      slotIds,
      sentAt,
    };
    this.attempts.push(attempt);
    return new Promise((resolve, reject) => {
      const end = (kind: "succeeded" | "refused" | "failed", deliver: () => void) => {
        // A dead process gets no response, and a call ends once.
        if (!call.isAlive() || attempt.end) return;
        attempt.end = { order: ++this.#ends, at: this.scheduler.now(), kind };
        deliver();
      };
      this.#deliver(fault, call, {
        respond: (response) => {
          const { value, status, reason } = response;
          if (status >= 500) end("failed", () => reject(statusToError(status, call.service, reason)));
          else if (value !== undefined) end("succeeded", () => resolve({ value, httpStatus: status }));
          else end("refused", () => reject(statusToError(status, call.service, reason)));
        },
        fail: (error) => end("failed", () => reject(error)),
      });
    });
  }

  #deliver<T>(
    fault: Fault,
    call: WireCall<T>,
    end: { respond: (response: PracticeResponse<T>) => void; fail: (error: Error) => void },
  ): unknown {
    const { scheduler } = this;
    const { random, service } = call;
    const requestMs = random.between(5, 400);
    const totalMs = requestMs + random.between(5, 400);
    switch (fault.kind) {
      case "refused":
        return scheduler.after(requestMs, () =>
          end.fail(httpFailureToError(new HttpFailure("refused"), service, true)),
        );
      case "status":
        return scheduler.after(totalMs, () => end.respond({ status: fault.status }));
      case "unusable":
        scheduler.after(requestMs, () => this.#handle(call, totalMs + LATE_COMMIT_BOUND_MS - requestMs));
        return scheduler.after(totalMs, () => end.fail(badResponse(service, "NOT_JSON", 201)));
      case "unclear": {
        const late = random.between(TIMEOUT_MS, LATE_COMMIT_BOUND_MS);
        const { how } = fault;
        const endMs = how === "timeout" ? TIMEOUT_MS : totalMs;
        const arrivalMs = fault.effect === "now" ? requestMs : late;
        if (fault.effect !== "never") {
          scheduler.after(arrivalMs, () => this.#handle(call, endMs + LATE_COMMIT_BOUND_MS - arrivalMs));
        }
        const error =
          typeof how === "number"
            ? statusToError(how, service)
            : httpFailureToError(new HttpFailure(how), service, true);
        return scheduler.after(endMs, () => end.fail(error));
      }
      case "none":
      case "duplicated":
        return scheduler.after(requestMs, () => {
          const maxDelayMs = TIMEOUT_MS + LATE_COMMIT_BOUND_MS - requestMs;
          const backMs = totalMs - requestMs;
          const respond = (response: PracticeResponse<T>) =>
            scheduler.after(backMs, () => end.respond(response));
          // The duplicate arrives before the first response; which of the two responses returns is random.
          const isSecond = fault.kind === "duplicated" && random.chance(0.5);
          const isDelayed = this.#handle(call, maxDelayMs, isSecond ? undefined : respond);
          if (fault.kind === "duplicated") this.#handle(call, maxDelayMs, isSecond ? respond : undefined);
          if (isDelayed) {
            scheduler.after(TIMEOUT_MS - requestMs, () =>
              end.fail(httpFailureToError(new HttpFailure("timeout"), service, true)),
            );
          }
          if (call.write && this.lateCopies > 0 && random.chance(this.lateCopies)) {
            this.#count("late copy");
            scheduler.after(random.between(TIMEOUT_MS, LATE_COMMIT_BOUND_MS), () => this.#handle(call, 0));
          }
        });
    }
  }

  /**
   * The practice handles a request that has arrived: at once, or after its delay, but not later than the bound.
   *
   * @returns whether it has a delay, which may be longer than the client waits.
   */
  #handle<T>(
    { apply, random }: WireCall<T>,
    maxDelayMs: number,
    respond: (response: PracticeResponse<T>) => void = () => {},
  ): boolean {
    const { delayMs, finish } = apply();
    if (delayMs === undefined) {
      respond(finish());
      return false;
    }
    const [min, max] = delayMs;
    this.scheduler.after(Math.min(random.between(min, max), maxDelayMs), () => respond(finish()));
    return true;
  }

  #count(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  #pickFault(random: Random, write: boolean, matters: boolean): Fault {
    if (write && this.duplicatesAll) return { kind: "duplicated" };
    // More faults where they matter: a journey that ends before its create says little.
    if (!random.chance(matters ? this.faultRate : this.faultRate / 6)) return { kind: "none" };
    const roll = random.next();
    if (roll < 0.05) return { kind: "refused" };
    if (roll < 0.1) return { kind: "status", status: 429 };
    if (roll < 0.12) return { kind: "status", status: 422 };
    if (roll < 0.17) return { kind: "unusable" };
    if (write && roll < 0.25) return { kind: "duplicated" };
    return { kind: "unclear", how: random.pick(UNCLEAR), effect: random.pick(EFFECTS) };
  }
}

function unreachable(random: Random): Fault {
  return { kind: "unclear", how: random.pick(UNCLEAR), effect: "never" };
}

function nameOf(fault: Fault): string {
  if (fault.kind === "status") return `${fault.status} refused`;
  if (fault.kind === "refused") return "connection refused";
  return fault.kind === "unclear" ? `${fault.how}, effect ${fault.effect}` : fault.kind;
}
