import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { compileServer } from "../support/compile-server.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { startRedis, type TestRedis } from "../support/redis.js";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";

export const PROCESSES = 3;

const LEAVE_MS = 2_000;
/** An orchestrator kills a process this long after the signal. */
export const GRACE_MS = 30_000;
const SECRET = "a secret of this test with thirty-two characters or more";

/** The same for all processes, and short enough for a killed process's commands to be reconciled within the test. */
const LATE_COMMIT_BOUND_MS = 2_000;

/** One process of the built graph. */
export interface Member {
  readonly url: string;
  /** Tells it to end, and waits. @returns exit code, and the time that it took. */
  terminate(): Promise<{ readonly code: number | null; readonly ms: number }>;
  kill(): Promise<void>;
  /** Its log so far. */
  readonly log: () => string;
}

/** Three programs over one sandbox, with a real PostgreSQL and a real Redis behind proxies of the test. */
export interface Fleet {
  readonly sandbox: Sandbox;
  readonly redis: TestRedis;
  readonly postgres: TestPostgres;
  readonly toRedis: TcpProxy;
  readonly toPostgres: TcpProxy;
  readonly databaseUrl: string;
  /** Those that run now. A restarted one takes the place of the one before. */
  readonly members: Member[];
  start(place: number, settings?: Readonly<Record<string, string>>): Promise<Member>;
  /** Runs an operator's command, such as `audit verify`, on the same store. */
  operate(...line: string[]): Promise<{ readonly code: number | null; readonly output: string }>;
  close(): Promise<void>;
}

/** @param workers processes of each program. */
export async function startFleet(workers = 1): Promise<Fleet> {
  const compiled = compileServer();
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const sandbox = await startSandbox({ population: { practices: 40, patients: 4_000 } });
  const database = new URL(await postgres.createDatabase());
  const toPostgres = await startTcpProxy(postgres.port);
  const toRedis = await startTcpProxy(Number(new URL(redis.url).port));
  const databaseUrl = `postgres://spine@127.0.0.1:${toPostgres.port}${database.pathname}`;
  const environment = {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "warn",
    EXPLORER: "false",
    CONSUMER_TYPE: "gp-practice",
    PDS_URL: sandbox.pdsUrl,
    SDS_URL: sandbox.sdsUrl,
    SSP_URL: sandbox.sspUrl,
    DATABASE_URL: databaseUrl,
    STORE_KEY: SECRET,
    ID_SIGNING_KEY: SECRET,
    CACHE_URL: `redis://127.0.0.1:${toRedis.port}`,
    CACHE_ENCRYPTION_KEY: SECRET,
    AUDIT_SINKS: "none",
    REQUIRE_AUDIT_FOR_QUERIES: "true",
    PDS_MAX_RPS: "2000",
    SDS_MAX_RPS: "2000",
    PRACTICE_MAX_CONCURRENCY: "50",
    SSP_TIMEOUT_MS: "8000",
    LATE_COMMIT_BOUND_MS: String(LATE_COMMIT_BOUND_MS),
    SHUTDOWN_DELAY_MS: String(LEAVE_MS),
    WORKERS: String(workers),
  };
  const members: Member[] = [];
  const children = new Set<ChildProcess>();
  const run = (line: readonly string[], settings: Readonly<Record<string, string>> = {}) => {
    const child = spawn(process.execPath, [join(compiled, "main.js"), ...line], {
      cwd: compiled,
      env: { ...environment, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    child.once("exit", () => children.delete(child));
    return child;
  };
  const start = async (place: number, settings?: Readonly<Record<string, string>>) => {
    const member = await toMember(run([], settings));
    members[place] = member;
    return member;
  };
  const fleet: Fleet = {
    sandbox,
    redis,
    postgres,
    toRedis,
    toPostgres,
    databaseUrl,
    members,
    start,
    async operate(...line) {
      const child = run(line);
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (chunk) => {
          output += String(chunk);
        });
      }
      const [code] = (await once(child, "close")) as [number | null];
      return { code, output };
    },
    async close() {
      for (const child of children) child.kill("SIGKILL");
      await sandbox.close();
      await Promise.all([toRedis.close(), toPostgres.close()]);
      await Promise.all([redis.stop(), postgres.stop()]);
      rmSync(compiled, { recursive: true });
    },
  };
  try {
    // The first one creates the tables; the others start at the same time.
    await Promise.all(Array.from({ length: PROCESSES }, (_, place) => start(place)));
  } catch (error) {
    await fleet.close();
    throw error;
  }
  return fleet;
}

async function toMember(child: ChildProcess): Promise<Member> {
  let log = "";
  child.stderr?.on("data", (chunk) => {
    log += String(chunk);
  });
  let output = "";
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    const port = /http:\/\/localhost:(\d+)/.exec(output)?.[1];
    if (port === undefined) continue;
    child.stdout?.resume();
    return {
      url: `http://127.0.0.1:${port}`,
      log: () => log,
      async terminate() {
        const begunAt = performance.now();
        child.kill("SIGTERM");
        const [code] = (await once(child, "exit")) as [number | null];
        return { code, ms: performance.now() - begunAt };
      },
      async kill() {
        child.kill("SIGKILL");
        await once(child, "exit");
      },
    };
  }
  throw new Error(`the process did not start: ${log}`);
}
