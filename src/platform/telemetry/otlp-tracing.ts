import { type SpanContext, SpanKind, TraceFlags } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import { parseNhsNumber } from "../../domain/nhs-number.js";
import type { CallRecord } from "./call-log.js";
import { EndedSpan, type SpanContent } from "./ended-span.js";
import type { Log } from "./log.js";
import { parseTraceParent } from "./trace-parent.js";
import type {
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
  /** Of the requests that no caller's trace context decides for, from 0 to 1. */
  readonly recordedShare: number;
  readonly log: Pick<Log, "info" | "warn">;
}

/** Takes what an ended span says. */
type Report = (content: SpanContent) => void;

/**
 * Sends traces to a collector, by OTLP over HTTP with JSON. Spans are sent in batches from a bounded queue; while the
 * collector is slow or down, spans are dropped. A caller that names its trace decides whether it is recorded.
 */
export function createOtlpTracing(options: OtlpTracingOptions): Tracing {
  const { endpoint, serviceName, recordedShare, log } = options;
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new BatchSpanProcessor({
    exporter: logFailures(exporter, log),
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  // Set here, so that the SDK's own variables cannot add a host name, a process or a command line.
  const resource = defaultResource().merge(resourceFromAttributes({ "service.name": serviceName }));
  const report: Report = (content) => processor.onEnd(new EndedSpan(content, resource));
  const sampler = new TraceIdRatioBasedSampler(recordedShare);
  return {
    startRequest: (request) => startRequest(report, sampler, request),
    startReconciliation: (reconciliation) => startReconciliation(report, reconciliation),
    close: () => within(CLOSE_TIMEOUT_MS, processor.shutdown()),
  };
}

const ids = new RandomIdGenerator();

/** Of a span that is recorded: no other spans are created or referred to. */
function newContext(traceId: string): SpanContext {
  return { traceId, spanId: ids.generateSpanId(), traceFlags: TraceFlags.SAMPLED };
}

/** Of a span that another process, or this one before a restart, has recorded. */
function remoteContext({ traceId, spanId }: SpanReference): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function startRequest(
  report: Report,
  sampler: TraceIdRatioBasedSampler,
  { method, route, traceParent, correlationId, startedAt }: TracedRequest,
): RequestTrace | undefined {
  const caller = parseTraceParent(traceParent);
  const traceId = caller?.traceId ?? ids.generateTraceId();
  if (!(caller?.isSampled ?? isSampled(sampler, traceId))) return undefined;
  const context = newContext(traceId);
  return {
    startOperation: (operationStartedAt) => startOperation(report, context, operationStartedAt),
    end({ status, isComplete, endedAt }) {
      report({
        name: `${method} ${route}`,
        kind: SpanKind.SERVER,
        context,
        parent: caller && remoteContext(caller),
        startedAt,
        endedAt,
        attributes: {
          "http.request.method": method,
          "http.route": route,
          "spine.correlation_id": correlationId,
          ...(isComplete && { "http.response.status_code": status }),
        },
        errorType: isComplete ? (status >= 500 ? String(status) : undefined) : "client_disconnected",
      });
    },
  };
}

function isSampled(sampler: TraceIdRatioBasedSampler, traceId: string): boolean {
  return sampler.shouldSample(undefined, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
}

function startOperation(report: Report, parent: SpanContext, startedAt: number): OperationTrace {
  const context = newContext(parent.traceId);
  return {
    reference: { traceId: context.traceId, spanId: context.spanId },
    recordCall: (record) => recordCall(report, context, startedAt, record),
    end({ type, name, errorCode, endedAt }) {
      report({
        name: operationName(type, name),
        kind: SpanKind.INTERNAL,
        context,
        parent,
        startedAt,
        endedAt,
        attributes: {
          ...(type !== undefined && { "graphql.operation.type": type }),
          ...(name !== undefined && { "graphql.operation.name": name }),
        },
        errorType: errorCode,
      });
    },
  };
}

/** As the semantic conventions for GraphQL name a span. */
function operationName(type: string | undefined, name: string | undefined): string {
  if (type === undefined) return "GraphQL Operation";
  return name === undefined ? type : `${type} ${name}`;
}

/** A trace of its own: reconciliations can go on for days after the request, and several may be needed. */
function startReconciliation(
  report: Report,
  { command, correlationId, sender, startedAt }: TracedReconciliation,
): ReconciliationTrace {
  const context = newContext(ids.generateTraceId());
  return {
    recordCall: (record) => recordCall(report, context, startedAt, record),
    end({ outcome, endedAt }) {
      report({
        name: `reconcile ${command}`,
        kind: SpanKind.INTERNAL,
        context,
        parent: undefined,
        link: sender && remoteContext(sender),
        startedAt,
        endedAt,
        attributes: {
          "spine.command": command,
          "spine.correlation_id": correlationId,
          ...(outcome !== undefined && { "spine.outcome": outcome }),
        },
        errorType: outcome === undefined ? "reconciliation_failed" : undefined,
      });
    },
  };
}

function recordCall(report: Report, parent: SpanContext, zero: number, record: CallRecord): void {
  const { service, interaction, target, method, httpStatus, outcome, startedMs, durationMs } = record;
  const startedAt = zero + startedMs;
  report({
    name: `${service} ${interaction}`,
    kind: SpanKind.CLIENT,
    context: newContext(parent.traceId),
    parent,
    startedAt,
    endedAt: startedAt + durationMs,
    attributes: {
      "spine.service": service,
      "spine.interaction": interaction,
      "spine.outcome": outcome,
      ...(method !== undefined && { "http.request.method": method }),
      ...(httpStatus !== undefined && { "http.response.status_code": httpStatus }),
      // Callers may write any ten digits where an ODS code belongs.
      ...(target !== null && parseNhsNumber(target) === undefined && { "spine.ods_code": target }),
    },
    errorType: outcome === "OK" || outcome === "NOT_FOUND" ? undefined : outcome,
  });
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
