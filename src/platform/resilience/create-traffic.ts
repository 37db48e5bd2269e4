import { UpstreamError, type UpstreamService } from "../errors.js";
import type { CalledService } from "../telemetry/call-log.js";
import type { Log } from "../telemetry/log.js";
import { type Verdicts, verdictsOn } from "./attempt-outcome.js";
import { Gate, type Visit } from "./bulkhead.js";
import {
  Circuit,
  type CircuitChange,
  FailingShareBreaker,
  FailuresInARowBreaker,
} from "./circuit-breaker.js";
import { remainingMs } from "./deadline.js";
import { GivenUp } from "./given-up.js";
import type { TrafficLimits } from "./limits.js";
import { NotSentError } from "./not-sent.js";
import { PRACTICE_FAILURES_IN_A_ROW, SERVICE_WINDOW_MS, WAITING_FOR_PRACTICE } from "./numbers.js";
import { type Budget, type PermitSource, SlidingLog } from "./rate-limit.js";
import {
  type AttemptNote,
  REPEAT_PAUSES,
  type RepeatPauses,
  repeatsAfter,
  withRepeats,
} from "./retry-policy.js";
import type { Traffic, TrafficCall } from "./traffic.js";

export interface TrafficOptions {
  readonly limits: TrafficLimits;
  /** Where a service's permits come from; this process's own log when left out. */
  readonly permitsFor?: (service: CalledService, budget: Budget) => PermitSource;
  readonly log?: Pick<Log, "warn" | "info"> | undefined;
  readonly pauses?: Partial<RepeatPauses>;
}

interface Road {
  readonly name: UpstreamService;
  readonly gate: Gate;
  readonly circuit: Circuit;
}

interface ServiceRoad extends Road {
  /** When it last showed that it works. */
  provedAt: number;
}

interface PracticeRoad extends Road {
  readonly odsCode: string;
  /** Calls under way, waiting ones included. */
  users: number;
}

interface Roads {
  readonly service: ServiceRoad;
  readonly practice: PracticeRoad | undefined;
}

/** Builds the rules of the road for this process. Keeps no timer while nothing waits. */
export function createTraffic(options: TrafficOptions): Traffic {
  return new RuledTraffic(options);
}

class RuledTraffic implements Traffic {
  readonly #services: Readonly<Record<CalledService, ServiceRoad>>;
  readonly #practices = new Map<string, PracticeRoad>();
  readonly #givenUp = new GivenUp();
  readonly #pauses: RepeatPauses;
  /** A practice alone never fills the proxy's places, however they are set. */
  readonly #placesPerPractice: number;

  constructor(private readonly options: TrafficOptions) {
    const { limits } = options;
    const half = Math.max(1, Math.floor(limits.services.SSP.maxConcurrency / 2));
    this.#placesPerPractice = Math.min(limits.practiceMaxConcurrency, half);
    this.#pauses = { ...REPEAT_PAUSES, ...options.pauses };
    this.#services = {
      PDS: this.#serviceRoad("PDS"),
      TOKEN: this.#serviceRoad("TOKEN"),
      SDS: this.#serviceRoad("SDS"),
      SSP: this.#serviceRoad("SSP"),
      VM: this.#serviceRoad("VM"),
    };
  }

  async run<T>(call: TrafficCall, attempt: () => Promise<T>): Promise<T> {
    const odsCode = call.service === "SSP" ? call.target : null;
    const roads: Roads = {
      service: this.#services[call.service],
      practice: odsCode === null ? undefined : this.#practiceRoad(odsCode),
    };
    if (roads.practice) roads.practice.users += 1;
    try {
      const rules = this.#givenUp.has(call) ? { ...call, maxRepeats: 0 } : call;
      const answer = await withRepeats(rules, this.#pauses, (note) =>
        this.#attempt(call, roads, note, attempt),
      );
      this.#givenUp.delete(call);
      return answer;
    } catch (error) {
      const isLost = error instanceof UpstreamError && !(error instanceof NotSentError);
      if (isLost && repeatsAfter(call.service, error) > 0) this.#givenUp.add(call);
      throw error;
    } finally {
      if (roads.practice) this.#leave(roads.practice);
    }
  }

  /** The practice's place first: whoever waits for a slow practice holds nothing that others need. */
  async #attempt<T>(
    call: TrafficCall,
    roads: Roads,
    note: AttemptNote,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const { service, practice } = roads;
    const all = practice ? [practice, service] : [service];
    for (const road of all) refuseAtOnce(call, road);
    await call.prepare?.();

    let verdicts: Verdicts | undefined;
    const send = () =>
      this.#send(call, roads, note, attempt, (learnt) => {
        verdicts = learnt;
      });
    const onService = () => service.circuit.run(call.purpose, send, () => verdicts?.service ?? "untold");
    // Of one call, a failing practice is told once: its repeats come too close to be failures of their own.
    const ofPractice = (isProbe: boolean) =>
      note.isRepeat && !isProbe && verdicts?.practice === "failed"
        ? "untold"
        : (verdicts?.practice ?? "untold");
    const onBoth = () => practice?.circuit.run(call.purpose, onService, ofPractice) ?? onService();
    const inService = () => service.gate.run(visit(call, service, practice?.odsCode), onBoth);
    try {
      return await (practice?.gate.run(visit(call, practice), inService) ?? inService());
    } finally {
      note.roadIsOpen = all.every(({ circuit }) => !circuit.refuses(call.purpose));
    }
  }

  /** The attempt itself, and what is learnt from its end. */
  async #send<T>(
    call: TrafficCall,
    { service, practice }: Roads,
    note: AttemptNote,
    attempt: () => Promise<T>,
    learn: (verdicts: Verdicts) => void,
  ): Promise<T> {
    // The signal may have ended between this call's turn and now.
    if (call.signal.aborted) throw new NotSentError(service.name, "DEADLINE_WHILE_WAITING");
    const sentAt = performance.now();
    note.sentAt = sentAt;
    try {
      const answer = await attempt();
      service.provedAt = performance.now();
      return answer;
    } catch (error) {
      const now = performance.now();
      const verdicts = verdictsOn({
        service: call.service,
        error,
        tookMs: now - sentAt,
        calledOff: call.purpose === "read" && call.signal.aborted,
        serviceProved: now - service.provedAt < SERVICE_WINDOW_MS,
      });
      if (verdicts.proves) service.provedAt = now;
      this.#obeyPause(error, verdicts.blamed === "practice" ? (practice ?? service) : service);
      learn(verdicts);
      throw error;
    }
  }

  #obeyPause(error: unknown, { gate }: Road): void {
    if (!(error instanceof UpstreamError)) return;
    if (error.retryAfterMs !== undefined) gate.pause(error.retryAfterMs);
    else if (error.httpStatus === 429) gate.pause(this.#pauses.unsaidMs);
  }

  #serviceRoad(called: CalledService): ServiceRoad {
    const { maxConcurrency: places, budget } = this.options.limits.services[called];
    const permits = budget && (this.options.permitsFor?.(called, budget) ?? new SlidingLog(budget));
    // An error can be laid at PDS, not at the endpoint that gives tokens for it.
    const name = called === "TOKEN" ? "PDS" : called;
    return {
      name,
      gate: new Gate({ places, permits, placesPerShare: this.#placesPerPractice }),
      circuit: this.#circuit(new FailingShareBreaker(), name, { service: called }),
      provedAt: Number.NEGATIVE_INFINITY,
    };
  }

  #practiceRoad(odsCode: string): PracticeRoad {
    const known = this.#practices.get(odsCode);
    if (known) return known;
    const breaker = new FailuresInARowBreaker(PRACTICE_FAILURES_IN_A_ROW);
    const road: PracticeRoad = {
      name: "PROVIDER",
      odsCode,
      gate: new Gate({ places: this.#placesPerPractice, maxWaiting: WAITING_FOR_PRACTICE }),
      circuit: this.#circuit(breaker, "PROVIDER", { practice: odsCode }),
      users: 0,
    };
    this.#practices.set(odsCode, road);
    return road;
  }

  /** Forgets a practice of which there is nothing to remember: there are thousands. */
  #leave(road: PracticeRoad): void {
    road.users -= 1;
    const isIdle = road.users === 0 && road.circuit.isClean && road.gate.pausedForMs === 0;
    if (isIdle) this.#practices.delete(road.odsCode);
  }

  #circuit(
    breaker: FailingShareBreaker | FailuresInARowBreaker,
    name: UpstreamService,
    who: object,
  ): Circuit {
    const { log } = this.options;
    const onChange = (state: CircuitChange) =>
      state === "open" ? log?.warn(who, "circuit opened") : log?.info(who, "circuit closed");
    return new Circuit(breaker, () => new NotSentError(name, "CIRCUIT_OPEN"), onChange);
  }
}

/** Spares a call the wait of which the end is known. */
function refuseAtOnce({ purpose, signal }: TrafficCall, { name, gate, circuit }: Road): void {
  if (circuit.refuses(purpose)) throw new NotSentError(name, "CIRCUIT_OPEN");
  if (gate.pausedForMs > remainingMs(signal)) {
    throw new NotSentError(name, "ASKED_TO_PAUSE", Math.ceil(gate.pausedForMs));
  }
}

function visit({ lanes, signal }: TrafficCall, { name }: Road, share?: string): Visit {
  return { lanes, signal, share, refuse: (reason) => new NotSentError(name, reason) };
}
