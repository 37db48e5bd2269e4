import {
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { SpanReference } from "./tracing.js";

/** What a span says. All times are milliseconds since the Unix epoch. */
export interface SpanContent {
  readonly name: string;
  readonly kind: SpanKind;
  readonly reference: SpanReference;
  readonly parent?: SpanContext | undefined;
  readonly link?: SpanReference | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Those that are undefined are left out. */
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  /** The span is marked as failed when there is one. */
  readonly errorType?: string | undefined;
}

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
const ERROR: SpanStatus = { code: SpanStatusCode.ERROR };
const SCOPE = { name: "spine-graph" };
const NOTHING: never[] = [];

/**
 * A span that has ended, as the SDK's processors and exporters read it. All that a span says is known when it ends, so
 * it is created then: the SDK's own spans, which can be changed at any time, cost several times as much.
 */
export class EndedSpan implements ReadableSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes = {};
  readonly links: Link[];
  readonly events = NOTHING;
  readonly ended = true;
  readonly instrumentationScope = SCOPE;
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;
  readonly #context: SpanContext;

  constructor(
    content: SpanContent,
    readonly resource: Resource,
  ) {
    const { name, kind, reference, parent, link, startedAt, errorType } = content;
    // A clock that was set back meanwhile must not give a negative duration.
    const endedAt = Math.max(content.endedAt, startedAt);
    this.name = name;
    this.kind = kind;
    this.#context = sampled(reference);
    if (parent !== undefined) this.parentSpanContext = parent;
    this.startTime = toHrTime(startedAt);
    this.endTime = toHrTime(endedAt);
    this.duration = toHrTime(endedAt - startedAt);
    this.status = errorType === undefined ? UNSET : ERROR;
    for (const key in content.attributes) {
      const value = content.attributes[key];
      if (value !== undefined) this.attributes[key] = value;
    }
    if (errorType !== undefined) this.attributes["error.type"] = errorType;
    this.links = link === undefined ? NOTHING : [{ context: { ...sampled(link), isRemote: true } }];
  }

  spanContext = (): SpanContext => this.#context;
}

/** Only recorded spans are referred to. */
export function sampled({ traceId, spanId }: SpanReference): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
}

/** Seconds and nanoseconds. */
function toHrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1_000_000)];
}
