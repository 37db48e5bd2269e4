import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { startPostgres } from "../../test/support/postgres.js";
import { startRedis } from "../../test/support/redis.js";
import { end, startChild } from "../kit/child.js";
import { startServerProcess } from "../kit/server-process.js";

/** Servers of which each does the same. */
export interface Replicas {
  /** Where their load arrives. */
  readonly port: number;
  readonly processes: readonly ChildProcess[];
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** One process with its store in memory. */
export async function startSingle(environment: Environment): Promise<Replicas> {
  const { child, base } = await startServerProcess(environment);
  return { port: Number(new URL(base).port), processes: [child], close: () => end(child) };
}

/** Processes behind a proxy that share a PostgreSQL and a Redis of their own. */
export async function startReplicas(count: number, environment: Environment): Promise<Replicas> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const balancer = startChild(join(__dirname, "balancer-process.js"));
  const secret = randomBytes(32).toString("base64url");
  const processes: ChildProcess[] = [];
  const close = async () => {
    await Promise.all([...processes.map(end), balancer.stop()]);
    await Promise.all([postgres.stop(), redis.stop()]);
  };
  try {
    const shared = {
      ...environment,
      DATABASE_URL: await postgres.createDatabase(),
      STORE_KEY: secret,
      CACHE_URL: redis.url,
      CACHE_ENCRYPTION_KEY: secret,
      ID_SIGNING_KEY: secret,
    };
    const ports: number[] = [];
    // One after the other: the first one creates the tables.
    for (let index = 0; index < count; index += 1) {
      const { child, base } = await startServerProcess(shared);
      processes.push(child);
      ports.push(Number(new URL(base).port));
    }
    return { port: await balancer.call<number>("startBalancer", ports), processes, close };
  } catch (error) {
    await close();
    throw error;
  }
}
