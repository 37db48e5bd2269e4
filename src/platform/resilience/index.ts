export { createTraffic, type TrafficOptions } from "./create-traffic.js";
export { type LimitSettings, type TrafficLimits, trafficLimits } from "./limits.js";
export { NotSentError, type NotSentReason } from "./not-sent.js";
export { type Budget, budgetPerSecond, type PermitSource, SlidingLog } from "./rate-limit.js";
export { passThrough, type Traffic, type TrafficCall } from "./traffic.js";
