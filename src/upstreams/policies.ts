import type { UpstreamService } from "../platform/errors.js";
import type { CalledService } from "../platform/telemetry/call-log.js";

export type { CalledService, UpstreamService };

/** Which service an error names when a call brings no complete response. */
export interface FailureAttribution {
  readonly service: UpstreamService;
  /** The service behind a proxy. Silence and a cut connection may come from it; an oversized response can only be its own. */
  readonly behind?: UpstreamService | undefined;
}

/** The token endpoint belongs to PDS: whoever asks for a patient need not know of tokens. */
export const FAILURE_ATTRIBUTION: Readonly<Record<CalledService, FailureAttribution>> = {
  PDS: { service: "PDS" },
  TOKEN: { service: "PDS" },
  SDS: { service: "SDS" },
  SSP: { service: "SSP", behind: "PROVIDER" },
  VM: { service: "VM" },
};
