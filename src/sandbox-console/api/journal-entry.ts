import type { FaultKind, ServiceName } from "./fault.js";

/** A rule that the sandbox judges requests by. */
export interface Rule {
  /** As in docs/sandbox-rules.md. */
  readonly id: string;
  readonly sentence: string;
  /** The specification that the rule comes from. */
  readonly source: string;
}

/** One request in the journal. JSON leaves out what is not known. */
export interface JournalEntry {
  readonly id: number;
  /** By the sandbox's clock, in UTC. */
  readonly receivedAt: string;
  /** Absent while the service is at work. */
  readonly durationMs?: number;
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when it was empty, very long or not read. */
  readonly body?: string;
  readonly odsCode?: string;
  readonly interaction?: string;
  /** Absent when there was no response. */
  readonly status?: number;
  readonly refusal?: { readonly code?: string; readonly diagnostics?: string };
  /** Ids of the rules that held, and the one that was broken. Both are empty when no service judged the request. */
  readonly rules?: { readonly passed: readonly string[]; readonly broken: readonly Rule[] };
  /** What a refused request would have needed, and the ids of the rules that the service did not reach. */
  readonly nearMiss?: { readonly needed: string; readonly notJudged: readonly string[] };
  /** The fault that applied to the call. */
  readonly fault?: FaultKind;
}
