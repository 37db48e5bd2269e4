export { createResiliencePipeline, type PipelineOptions } from "./create-pipeline.js";
export { NotSentError, type NotSentReason } from "./not-sent.js";
export type { ObservedPipeline, OutboundCall, ResiliencePipeline, ServiceState } from "./pipeline.js";
export { type RateLimit, type RateLimiter, rateLimitPerSecond, SlidingLogLimiter } from "./rate-limit.js";
export type { BackendPolicy, ServicePolicy } from "./service-policy.js";
