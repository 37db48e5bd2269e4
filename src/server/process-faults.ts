import type { Log } from "../platform/telemetry/log.js";
import { toLoggable } from "./errors/to-loggable.js";

/** The two ways in which an error reaches the process, because nothing handled it. */
export type FaultKind = "unhandledRejection" | "uncaughtException";

export interface ProcessFaultOptions {
  readonly log: Pick<Log, "error">;
  /** Ends the process. A test passes its own. */
  readonly exit?: (code: number) => void;
  /** How long the shutdown after an uncaught exception may take. */
  readonly shutdownLimitMs?: number;
}

/** Orchestrators kill a process after 30 s. */
const SHUTDOWN_LIMIT_MS = 29_000;

/**
 * The one policy for errors that nothing handled (`docs/security.md`).
 *
 * An unhandled rejection is logged and counted, and the process goes on: the promise belonged to one request, and nobody
 * waited for it. An uncaught exception is logged and counted too, but it stopped some function half way, so what that
 * function changed may be inconsistent. The process then serves no new requests, lets running ones end, and exits with 1,
 * so that it is restarted.
 */
export class ProcessFaults {
  readonly counts: Record<FaultKind, number> = { unhandledRejection: 0, uncaughtException: 0 };
  #shutDown: (() => Promise<void>) | undefined;
  #isStopping = false;

  constructor(private readonly options: ProcessFaultOptions) {}

  /** Handles the faults of this process from now on. Before this, Node.js ends the process without draining it. */
  watch(events: Pick<NodeJS.Process, "on"> = process): void {
    events.on("unhandledRejection", (reason) => this.#record("unhandledRejection", reason));
    events.on("uncaughtException", (error) => this.#stop(error));
  }

  /** @param shutDown stops serving and closes everything, once there is something to close. */
  shutDownWith(shutDown: () => Promise<void>): void {
    this.#shutDown = shutDown;
  }

  #record(kind: FaultKind, error: unknown): void {
    this.counts[kind] += 1;
    this.options.log.error({ kind, error: toLoggable(error) }, "an error was not handled");
  }

  #stop(error: Error): void {
    this.#record("uncaughtException", error);
    if (this.#isStopping) return;
    this.#isStopping = true;
    const { exit = process.exit, shutdownLimitMs = SHUTDOWN_LIMIT_MS } = this.options;
    const end = () => exit(1);
    setTimeout(end, shutdownLimitMs).unref();
    void Promise.resolve(this.#shutDown?.()).then(end, end);
  }
}
