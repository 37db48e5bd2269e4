import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { parseNhsNumber } from "../../domain/nhs-number.js";
import type { CallRecord } from "./call-log.js";
import type { Log } from "./log.js";
import { parseTraceParent, type TraceParent } from "./trace-parent.js";
import type {
  OperationEnd,
  OperationTrace,
  ReconciliationTrace,
  RequestTrace,
  SpanReference,
  TracedReconciliation,
  TracedRequest,
  Tracing,
} from "./tracing.js";

/** A collector that takes longer than this loses the batch. */
const EXPORT_TIMEOUT_MS = 3_000;
/** Shutdown waits no longer for the collector: requests in flight have the rest of the time before a kill. */
const CLOSE_TIMEOUT_MS = 1_500;

export interface OtlpTracingOptions {
  readonly endpoint: string;
  readonly serviceName: string;
  readonly log: Pick<Log, "info" | "warn">;
}

/**
 * Sends traces to a collector, by OTLP over HTTP with JSON. Spans are sent in batches from a bounded queue; while the
 * collector is slow or down, spans are dropped. A caller that names its trace decides whether it is recorded.
 */
export function createOtlpTracing({ endpoint, serviceName, log }: OtlpTracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS });
  const provider = new TracerProvider({
    // Set here, so that the SDK's own variables cannot add a host name, a process or a command line.
    resource: defaultResource().merge(resourceFromAttributes({ "service.name": serviceName })),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: logFailures(exporter, log),
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer("spine-graph");
  return {
    startRequest: (request) => startRequest(tracer, request),
    startReconciliation: (reconciliation) => startReconciliation(tracer, reconciliation),
    close: () => within(CLOSE_TIMEOUT_MS, provider.shutdown()),
  };
}

function startRequest(tracer: Tracer, request: TracedRequest): RequestTrace | undefined {
  const parent = parseTraceParent(request.traceParent);
  const span = tracer.startSpan(
    `${request.method} ${request.route}`,
    {
      kind: SpanKind.SERVER,
      startTime: new Date(request.startedAt),
      attributes: {
        "http.request.method": request.method,
        "http.route": request.route,
        "spine.correlation_id": request.correlationId,
      },
    },
    parent === undefined ? ROOT_CONTEXT : contextOf(parent),
  );
  if (!span.isRecording()) return undefined;
  return {
    startOperation: (startedAt) => startOperation(tracer, span, startedAt),
    end({ status, isComplete, endedAt }) {
      if (isComplete) span.setAttribute("http.response.status_code", status);
      if (!isComplete) fail(span, "client_disconnected");
      else if (status >= 500) fail(span, String(status));
      span.end(new Date(endedAt));
    },
  };
}

function contextOf({ traceId, spanId, isSampled }: TraceParent): Context {
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function startOperation(tracer: Tracer, parent: Span, startedAt: number): OperationTrace {
  const span = tracer.startSpan(
    "GraphQL Operation",
    { kind: SpanKind.INTERNAL, startTime: new Date(startedAt) },
    trace.setSpan(ROOT_CONTEXT, parent),
  );
  const context = trace.setSpan(ROOT_CONTEXT, span);
  const { traceId, spanId } = span.spanContext();
  return {
    reference: { traceId, spanId },
    recordCall: (record) => recordCall(tracer, context, startedAt, record),
    end: (end) => endOperation(span, end),
  };
}

/** A trace of its own: reconciliations can go on for days after the request, and several may be needed. */
function startReconciliation(
  tracer: Tracer,
  { command, correlationId, sender, startedAt }: TracedReconciliation,
): ReconciliationTrace {
  const span = tracer.startSpan(
    `reconcile ${command}`,
    {
      kind: SpanKind.INTERNAL,
      startTime: new Date(startedAt),
      attributes: { "spine.command": command, "spine.correlation_id": correlationId },
      links: sender === undefined ? [] : [{ context: toSpanContext(sender) }],
    },
    ROOT_CONTEXT,
  );
  const context = trace.setSpan(ROOT_CONTEXT, span);
  return {
    recordCall: (record) => recordCall(tracer, context, startedAt, record),
    end({ outcome, endedAt }) {
      if (outcome === undefined) fail(span, "reconciliation_failed");
      else span.setAttribute("spine.outcome", outcome);
      span.end(new Date(endedAt));
    },
  };
}

/** Only recorded operations are referred to. */
function toSpanContext({ traceId, spanId }: SpanReference): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function endOperation(span: Span, { type, name, errorCode, endedAt }: OperationEnd): void {
  if (type !== undefined) {
    span.updateName(name === undefined ? type : `${type} ${name}`);
    span.setAttribute("graphql.operation.type", type);
  }
  if (name !== undefined) span.setAttribute("graphql.operation.name", name);
  if (errorCode !== undefined) fail(span, errorCode);
  span.end(new Date(endedAt));
}

function recordCall(tracer: Tracer, context: Context, startedAt: number, record: CallRecord): void {
  const { service, interaction, target, method, httpStatus, outcome, startedMs, durationMs } = record;
  const start = startedAt + startedMs;
  const attributes: Attributes = {
    "spine.service": service,
    "spine.interaction": interaction,
    "spine.outcome": outcome,
    ...(method !== undefined && { "http.request.method": method }),
    ...(httpStatus !== undefined && { "http.response.status_code": httpStatus }),
    // Callers may write any ten digits where an ODS code belongs.
    ...(target !== null && parseNhsNumber(target) === undefined && { "spine.ods_code": target }),
  };
  const span = tracer.startSpan(
    `${service} ${interaction}`,
    { kind: SpanKind.CLIENT, startTime: new Date(start), attributes },
    context,
  );
  if (outcome !== "OK" && outcome !== "NOT_FOUND") fail(span, outcome);
  span.end(new Date(start + durationMs));
}

function fail(span: Span, errorType: string): void {
  span.setAttribute("error.type", errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Logs the first failure of several, and the first success after them. The collector's own words are not logged. */
function logFailures(exporter: SpanExporter, log: Pick<Log, "info" | "warn">): SpanExporter {
  let isFailing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const hasFailed = result.code !== 0;
        if (hasFailed && !isFailing) log.warn("traces cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT");
        if (!hasFailed && isFailing) log.info("traces are sent again");
        isFailing = hasFailed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** Waits for the work, at most so long. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), limit]);
  clearTimeout(timer);
}
