import type { AppointmentEvent, AttemptRecord, CallerRequest, History } from "../history.js";

/** An event at the practice that a request of ours may have caused. */
interface TracedEvent {
  readonly at: number;
  readonly traceId?: string | undefined;
}

/** The history, indexed by trace id, request and key. */
export class Evidence {
  readonly booked: readonly AppointmentEvent[];
  readonly #attempts: ReadonlyMap<string, AttemptRecord>;
  readonly #requests: ReadonlyMap<string, CallerRequest>;

  constructor(readonly history: History) {
    this.booked = history.appointments.filter(({ kind }) => kind === "booked");
    this.#attempts = new Map(history.attempts.map((attempt) => [attempt.traceId, attempt]));
    this.#requests = new Map(history.requests.map((request) => [request.correlationId, request]));
  }

  /** The journey that caused an event; undefined for the practice's staff. */
  correlationOf({ traceId }: TracedEvent): string | undefined {
    return traceId === undefined ? undefined : this.#attempts.get(traceId)?.correlationId;
  }

  requestOf(event: TracedEvent): CallerRequest | undefined {
    const correlationId = this.correlationOf(event);
    return correlationId === undefined ? undefined : this.#requests.get(correlationId);
  }

  /** When the request that caused an event was sent. */
  sentAt({ traceId }: TracedEvent): number {
    return this.#attempts.get(traceId ?? "")?.sentAt ?? Number.NEGATIVE_INFINITY;
  }

  /** The requests with the same key, this one included. Without a key, only this one. */
  withKeyOf(request: CallerRequest): CallerRequest[] {
    const name = keyOf(request);
    return name === undefined ? [request] : this.history.requests.filter((one) => keyOf(one) === name);
  }

  /** The events caused by this request, or by earlier sends of its key. */
  causedBy<E extends TracedEvent>(request: CallerRequest, events: readonly E[]): E[] {
    const withKey = new Set(this.withKeyOf(request).map(({ correlationId }) => correlationId));
    return events.filter((event) => {
      const correlationId = this.correlationOf(event);
      if (correlationId === undefined || !withKey.has(correlationId)) return false;
      return correlationId === request.correlationId || this.sentAt(event) < request.requestedAt;
    });
  }

  /** The earliest time at which the reply may have been established: a request may join an earlier one with its key. */
  since(request: CallerRequest): number {
    const joined = this.withKeyOf(request).filter(
      ({ requestedAt, repliedAt }) => requestedAt <= request.requestedAt && repliedAt >= request.requestedAt,
    );
    return Math.min(request.requestedAt, ...joined.map(({ requestedAt }) => requestedAt));
  }

  bookingOf(id: string): AppointmentEvent | undefined {
    return this.booked.find(({ appointmentId }) => appointmentId === id);
  }

  cancellationOf(id: string): AppointmentEvent | undefined {
    return this.history.appointments.find(
      (event) => event.kind === "cancelled" && event.appointmentId === id,
    );
  }

  /** Whether the audit has a reconciliation of this key with that reason. */
  wasReconciled(request: CallerRequest, reason: string): boolean {
    const withKey = new Set(this.withKeyOf(request).map(({ correlationId }) => correlationId));
    return this.history.audit.some(
      (auditRecord) =>
        auditRecord.operation === "settlement" &&
        auditRecord.reason === reason &&
        withKey.has(auditRecord.correlationId),
    );
  }
}

/** A key belongs to one organisation and one kind of command. */
export function keyOf({ organisation, key, kind }: CallerRequest): string | undefined {
  return key === undefined ? undefined : `${kind} ${organisation} ${key}`;
}

export function haveSameSlots(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}
