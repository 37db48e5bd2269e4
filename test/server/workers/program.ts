import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "undici";

/** The server with its workers, as processes of their own. */
export interface Program {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything that it has written to stderr. */
  readonly log: () => string;
  /** What is left of its temporary files. */
  temporaryFiles(): string[];
  /** A connection for each worker. */
  connectAll(): Promise<Connection[]>;
  /** Ends it and removes its temporary files. */
  kill(): void;
}

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests compare what they expect of it.
  readonly body: any;
}

/** One kept connection, whose requests all reach the same worker. */
export interface Connection {
  /** The process id of the worker. */
  readonly worker: number;
  query(query: string, variables?: object, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

const PRELOAD = join(__dirname, "..", "support", "name-process.js");

/** Resolves with the code with which a program ends that does not start. */
export async function startAndFail(compiled: string, environment: Record<string, string>) {
  const { child, log } = launch(compiled, environment, tmpdir());
  child.stdout?.resume();
  const [code] = await once(child, "exit");
  return { code, log: log() };
}

export async function startProgram(compiled: string, environment: Record<string, string>): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-workers-"));
  const { child, log } = launch(compiled, environment, folder);
  const url = await readUrl(child, log);
  return {
    child,
    url,
    log,
    temporaryFiles: () => readdirSync(folder),
    connectAll: () => connectAll(url, 2),
    kill() {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function launch(compiled: string, environment: Record<string, string>, folder: string) {
  const child = spawn(process.execPath, ["--require", PRELOAD, join(compiled, "main.js")], {
    cwd: compiled,
    env: {
      PATH: process.env.PATH,
      TMPDIR: folder,
      WORKERS: "2",
      PORT: "0",
      EXPLORER: "false",
      AUDIT_SINKS: "none",
      ...environment,
    },
  });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += String(chunk);
  });
  return { child, log: () => log };
}

async function readUrl(child: ChildProcess, log: () => string): Promise<string> {
  let output = "";
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    const url = /http:\/\/localhost:\d+/.exec(output)?.[0];
    if (url === undefined) continue;
    child.stdout?.resume();
    return url.replace("localhost", "127.0.0.1");
  }
  throw new Error(`the server did not start: ${log()}`);
}

/** Connects until there is a connection to each of so many workers. */
async function connectAll(url: string, count: number): Promise<Connection[]> {
  const connections = new Map<number, Connection>();
  for (let tries = 0; connections.size < count && tries < 20; tries += 1) {
    const connection = await connect(url);
    if (connections.has(connection.worker)) await connection.close();
    else connections.set(connection.worker, connection);
  }
  return [...connections.values()];
}

export async function connect(url: string): Promise<Connection> {
  const client = new Client(url, { pipelining: 1, keepAliveTimeout: 600_000 });
  const { headers, body } = await client.request({ method: "GET", path: "/health/live" });
  await body.dump();
  return {
    worker: Number(headers["x-process"]),
    async query(query, variables, extra) {
      const response = await client.request({
        method: "POST",
        path: "/graphql",
        headers: { "content-type": "application/json", ...extra },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.statusCode, body: await response.body.json() };
    },
    close: () => client.destroy(),
  };
}
