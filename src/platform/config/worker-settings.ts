import { availableParallelism } from "node:os";
import { z } from "zod";

const MAX_WORKERS = 64;

/** How many processes serve requests. */
export const workerSettings = {
  /** `auto`: one for each processor that this machine has, as far as the limits below can be divided. */
  WORKERS: z
    .string()
    .regex(/^(auto|[1-9]\d?)$/, `must be a number from 1 to ${MAX_WORKERS}, or auto`)
    .transform((text) => (text === "auto" ? ("auto" as const) : Number(text)))
    .refine((count) => count === "auto" || count <= MAX_WORKERS, `must be at most ${MAX_WORKERS}`)
    .default(1),
};

/** The limits of an instance that each process counts for itself. Every worker has an equal part of them. */
export const DIVIDED_LIMITS = [
  "MAX_CONCURRENT_OPERATIONS",
  "MAX_CONNECTIONS",
  "ANONYMOUS_MAX_RPS",
  "PDS_MAX_CONCURRENCY",
  "SDS_MAX_CONCURRENCY",
  "SSP_MAX_CONCURRENCY",
  "VM_MAX_CONCURRENCY",
  "PRACTICE_MAX_CONCURRENCY",
  "DATABASE_POOL_SIZE",
] as const;

type DividedLimits = Readonly<Record<(typeof DIVIDED_LIMITS)[number], number>>;

export interface WorkerRuleSettings extends DividedLimits {
  readonly WORKERS: number | "auto";
}

/** A part below 1 could not be kept to, so the smallest limit bounds the number of workers. */
export function workerFaults(settings: WorkerRuleSettings): string[] {
  const { WORKERS: workers } = settings;
  if (workers === "auto") return [];
  return DIVIDED_LIMITS.filter((name) => settings[name] < workers).map(
    (name) => `WORKERS must be at most ${settings[name]}: each worker needs a part of ${name}`,
  );
}

/** @returns the number of workers that the setting means on this machine, at least 1. */
export function workerCount(settings: WorkerRuleSettings, processors = availableParallelism()): number {
  if (settings.WORKERS !== "auto") return settings.WORKERS;
  return Math.min(processors, MAX_WORKERS, ...DIVIDED_LIMITS.map((name) => settings[name]));
}

/** @returns the settings of one of so many workers: all workers together never exceed a limit of the instance. */
export function toWorkerLimits<T extends DividedLimits>(settings: T, workers: number): T {
  const parts = DIVIDED_LIMITS.map((name) => [name, Math.max(1, Math.floor(settings[name] / workers))]);
  return { ...settings, ...(Object.fromEntries(parts) as unknown as DividedLimits) };
}
