import { HttpFailure } from "../../../src/platform/http/http-client.js";
import type { CallResult } from "../../../src/upstreams/upstream-call.js";
import { badResponse } from "../../../src/upstreams/upstream-errors.js";
import { httpFailureToError, statusToError } from "../../../src/upstreams/upstream-failures.js";
import type { AttemptRecord } from "../history.js";
import type { Random } from "../kit/random.js";
import type { Scheduler } from "../kit/scheduler.js";
import type { PracticeAnswer } from "./practice-book.js";

/** The client's own limit on a call, and how late a practice may carry out what it was sent (design section 9). */
const TIMEOUT_MS = 8_000;
const LATEST_MS = 30_000;

/** Whether, and when, the other side carries the request out: in time, not at all, or late. */
type Carried = "now" | "never" | "late";
const CARRIED: readonly Carried[] = ["now", "never", "late"];
const STATUSES = [500, 502, 503, 504, 599] as const;
const UNCLEAR = ["reset", "timeout", ...STATUSES] as const;
type Unclear = (typeof UNCLEAR)[number];

export type Fault =
  | { readonly kind: "none" | "refused" | "unusable" | "doubled" }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "unclear"; readonly how: Unclear; readonly carried: Carried };

export interface WireCall<T> {
  readonly traceId: string;
  readonly correlationId: string;
  readonly operation: string;
  readonly service: "PDS" | "PROVIDER";
  readonly write: boolean;
  /** Chance and life of whoever sends. */
  readonly random: Random;
  readonly isAlive: () => boolean;
  readonly carryOut: () => PracticeAnswer<T>;
}

/** Everything between our process and the others, with all that can go wrong on the way. */
export class Network {
  readonly attempts: AttemptRecord[] = [];
  readonly faults = new Map<string, number>();
  /** Share of calls that go wrong. */
  roughness = 0;
  practiceIsAway = false;
  #ends = 0;

  /** @param doublesAll plants a fault: every write arrives twice. */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly doublesAll = false,
  ) {}

  send<T>(call: WireCall<T>): Promise<CallResult<T>> {
    const { traceId, correlationId, operation, write, random, service } = call;
    const fault =
      this.practiceIsAway && service === "PROVIDER"
        ? away(random)
        : this.#pick(random, write, write || operation === "list" || operation === "read");
    const name = nameOf(fault);
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
    const sentAt = this.scheduler.now();
    const attempt: AttemptRecord = { traceId, correlationId, operation, write, fault: name, sentAt };
    this.attempts.push(attempt);
    return new Promise((resolve, reject) => {
      const end = (kind: "answered" | "refused" | "failed", tell: () => void) => {
        // Whoever is dead hears nothing.
        if (!call.isAlive()) return;
        attempt.end = { order: ++this.#ends, kind };
        tell();
      };
      this.#play(fault, call, {
        answer: (answer) => {
          const { value, status, reason } = answer;
          if (value !== undefined) end("answered", () => resolve({ value, httpStatus: status }));
          else end("refused", () => reject(statusToError(status, call.service, reason)));
        },
        fail: (error) => end("failed", () => reject(error)),
      });
    });
  }

  #play<T>(
    fault: Fault,
    call: WireCall<T>,
    end: { answer: (answer: PracticeAnswer<T>) => void; fail: (error: Error) => void },
  ): unknown {
    const { scheduler } = this;
    const { random, carryOut, service } = call;
    const there = random.between(5, 400);
    const back = there + random.between(5, 400);
    switch (fault.kind) {
      case "refused":
        return scheduler.after(there, () =>
          end.fail(httpFailureToError(new HttpFailure("refused"), service, true)),
        );
      case "status":
        return scheduler.after(back, () => end.answer({ status: fault.status }));
      case "unusable":
        scheduler.after(there, carryOut);
        return scheduler.after(back, () => end.fail(badResponse(service, "NOT_JSON", 201)));
      case "unclear": {
        const late = random.between(TIMEOUT_MS, LATEST_MS);
        if (fault.carried !== "never") scheduler.after(fault.carried === "now" ? there : late, carryOut);
        const { how } = fault;
        const error =
          typeof how === "number"
            ? statusToError(how, service)
            : httpFailureToError(new HttpFailure(how), service, true);
        return scheduler.after(how === "timeout" ? TIMEOUT_MS : back, () => end.fail(error));
      }
      case "none":
      case "doubled":
        return scheduler.after(there, () => {
          const first = carryOut();
          // The twin arrives before either is answered; which of the two answers is ours is chance.
          const answer = fault.kind === "doubled" && random.chance(0.5) ? carryOut() : first;
          if (fault.kind === "doubled" && answer === first) carryOut();
          scheduler.after(back - there, () => end.answer(answer));
        });
    }
  }

  #pick(random: Random, write: boolean, matters: boolean): Fault {
    if (write && this.doublesAll) return { kind: "doubled" };
    // Rougher where something is at stake: what ends before a create leaves tells little.
    if (!random.chance(matters ? this.roughness : this.roughness / 6)) return { kind: "none" };
    const roll = random.next();
    if (roll < 0.05) return { kind: "refused" };
    if (roll < 0.1) return { kind: "status", status: 429 };
    if (roll < 0.12) return { kind: "status", status: 422 };
    if (roll < 0.17) return { kind: "unusable" };
    if (write && roll < 0.25) return { kind: "doubled" };
    return { kind: "unclear", how: random.pick(UNCLEAR), carried: random.pick(CARRIED) };
  }
}

function away(random: Random): Fault {
  return { kind: "unclear", how: random.pick(UNCLEAR), carried: "never" };
}

function nameOf(fault: Fault): string {
  if (fault.kind === "status") return `${fault.status} refused`;
  if (fault.kind === "refused") return "connection refused";
  return fault.kind === "unclear" ? `${fault.how}, carried out ${fault.carried}` : fault.kind;
}
