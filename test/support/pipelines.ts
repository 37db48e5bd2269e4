import {
  createResiliencePipeline,
  type PipelineOptions,
  type ResiliencePipeline,
  type ServicePolicy,
} from "../../src/platform/resilience/index.js";
import { type CalledService, servicePolicies } from "../../src/upstreams/policies.js";

/** Sends each call at once, and once. For tests of what is sent. */
export const passThrough: ResiliencePipeline = {
  async run(call, attempt) {
    await call.prepare?.();
    return attempt();
  },
};

export interface TestPipelineOptions extends Partial<Omit<PipelineOptions, "services">> {
  /** What differs from the product's policies. */
  readonly services?: Partial<Record<CalledService, Partial<ServicePolicy>>>;
  readonly practiceMaxConcurrency?: number;
}

/** The pipeline of the product with its default settings in the sandbox, so without rate limits. */
export function createPipeline(options: TestPipelineOptions = {}): ResiliencePipeline {
  const { services = {}, practiceMaxConcurrency = 8, ...rest } = options;
  const policies = servicePolicies({
    SPINE_ENV: "sandbox",
    PDS_MAX_CONCURRENCY: 64,
    SDS_MAX_CONCURRENCY: 64,
    SSP_MAX_CONCURRENCY: 64,
    VM_MAX_CONCURRENCY: 64,
    PRACTICE_MAX_CONCURRENCY: practiceMaxConcurrency,
  });
  const policyOf = (service: CalledService): ServicePolicy => ({
    ...policies[service],
    ...services[service],
  });
  return createResiliencePipeline({
    services: {
      PDS: policyOf("PDS"),
      TOKEN: policyOf("TOKEN"),
      SDS: policyOf("SDS"),
      SSP: policyOf("SSP"),
      VM: policyOf("VM"),
    },
    ...rest,
  });
}

/** The pipeline of the product, without delays between attempts. */
export function createHastyPipeline(): ResiliencePipeline {
  return createPipeline({ delays: { firstMs: 0, longestMs: 0, rateLimitedMs: 0 } });
}
