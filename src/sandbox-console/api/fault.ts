/** The services that faults name, in the order of the page. */
export const SERVICES = ["PDS", "SDS", "SSP", "PRACTICE", "VM"] as const;

export type ServiceName = (typeof SERVICES)[number];

/** A response instead of the service's own. */
export interface FaultResponse {
  readonly status: number;
}

/** Milliseconds, or a distribution of which each request draws a value. */
export type Delay =
  | number
  | { readonly distribution: "uniform"; readonly minMs: number; readonly maxMs: number }
  | { readonly distribution: "exponential"; readonly meanMs: number };

export type FaultKind =
  | "reset"
  | "hang"
  | "reset-after-commit"
  | FaultResponse
  | { readonly delayMs: Delay }
  | { readonly afterCommit: FaultResponse | "reset" | "hang" }
  | {
      readonly lateCommit: { readonly response: FaultResponse | "reset" | "hang"; readonly delayMs?: Delay };
    };

/** Which requests fail, how, and how often. docs/sandbox.md describes the members. */
export interface Fault {
  readonly service: ServiceName;
  readonly odsCode?: string;
  readonly interaction?: string;
  readonly kind: FaultKind;
  readonly times?: number;
  readonly probability?: number;
}

/** An active fault. */
export interface ListedFault extends Fault {
  readonly id: string;
  readonly remaining?: number;
}
