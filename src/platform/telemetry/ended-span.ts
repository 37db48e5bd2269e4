import {
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
} from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** What a span says. All times are milliseconds since the Unix epoch. */
export interface SpanContent {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly link?: SpanContext | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  /** The span is marked as failed when there is one. */
  readonly errorType: string | undefined;
}

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
const ERROR: SpanStatus = { code: SpanStatusCode.ERROR };
const SCOPE = { name: "spine-graph" };

/**
 * A span that has ended, as the SDK's processors and exporters read it. All that a span says is known when it ends, so
 * it is created then: the SDK's own spans, which can be changed at any time, cost several times as much. A span waits in
 * the queue for its batch, so what the exporter reads once is created when it is read.
 */
export class EndedSpan implements ReadableSpan {
  /** The SDK's type allows no member that is undefined. */
  readonly parentSpanContext?: SpanContext;

  constructor(
    private readonly content: SpanContent,
    readonly resource: Resource,
  ) {
    if (content.parent !== undefined) this.parentSpanContext = content.parent;
  }

  get name(): string {
    return this.content.name;
  }

  get kind(): SpanKind {
    return this.content.kind;
  }

  spanContext(): SpanContext {
    return this.content.context;
  }

  get startTime(): HrTime {
    return toHrTime(this.content.startedAt);
  }

  get endTime(): HrTime {
    return toHrTime(this.#endedAt);
  }

  get duration(): HrTime {
    return toHrTime(this.#endedAt - this.content.startedAt);
  }

  get status(): SpanStatus {
    return this.content.errorType === undefined ? UNSET : ERROR;
  }

  get attributes(): Attributes {
    const { attributes, errorType } = this.content;
    return errorType === undefined ? attributes : { ...attributes, "error.type": errorType };
  }

  get links(): Link[] {
    const { link } = this.content;
    return link === undefined ? [] : [{ context: link }];
  }

  get events(): never[] {
    return [];
  }

  get ended(): boolean {
    return true;
  }

  get instrumentationScope(): { readonly name: string } {
    return SCOPE;
  }

  get droppedAttributesCount(): number {
    return 0;
  }

  get droppedEventsCount(): number {
    return 0;
  }

  get droppedLinksCount(): number {
    return 0;
  }

  /** A clock that was set back meanwhile must not give a negative duration. */
  get #endedAt(): number {
    return Math.max(this.content.startedAt, this.content.endedAt);
  }
}

/** Seconds and nanoseconds. */
function toHrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1_000_000)];
}
