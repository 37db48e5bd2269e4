import type { FaultKind, ServiceName } from "./fault.js";

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
  /** The fault that applied to the call. */
  readonly fault?: FaultKind;
}
