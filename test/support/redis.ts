import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@keyv/redis";
import { findProgram } from "./needs.js";

/** Below the range that the system hands out to outgoing connections, so that a port stays ours over a restart. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const UP_WITHIN_MS = 10_000;

export interface TestRedis {
  readonly url: string;
  /** As a crash would: no farewell, and all is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** The process stands still: connections stay open, nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** Everything in it, as it lies there. */
  dump(): Promise<Map<string, string>>;
  /** The lives that are left to what is in it. */
  livesMs(): Promise<number[]>;
  /** How many are connected, this question included. */
  clients(): Promise<number>;
  clear(): Promise<void>;
  /** Writes past all clients of ours, keeping the name's life where it had one. */
  put(key: string, text: string): Promise<void>;
  /** Makes a list of what should be a text. */
  putList(key: string): Promise<void>;
  /** Sets one of the server's own settings until it is restarted. */
  configure(name: string, value: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a redis-server that belongs to one test: own port on loopback, own folder, nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const program = findProgram("redis-server");
  if (program === undefined) throw new Error("no redis-server on the PATH");
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-redis-"));
  let { server, port } = await startOnFreePort(program, folder);
  const url = `redis://127.0.0.1:${port}`;
  const send = async <T>(command: string[], read: (reply: unknown) => T): Promise<T> => {
    const client = await createClient({ url }).connect();
    try {
      return read(await client.sendCommand(command));
    } finally {
      client.destroy();
    }
  };

  return {
    url,
    kill: () => end(server, "SIGKILL"),
    async restart() {
      const again = await tryStart(program, folder, port);
      if (again === undefined) throw new Error(`port ${port} was taken in the meantime`);
      server = again;
    },
    freeze: () => void server.kill("SIGSTOP"),
    thaw: () => void server.kill("SIGCONT"),
    async dump() {
      const keys = await send(["KEYS", "*"], texts);
      const values = await Promise.all(keys.map((key) => send(["GET", key], String)));
      return new Map(keys.map((key, index) => [key, values[index] ?? ""]));
    },
    async livesMs() {
      const keys = await send(["KEYS", "*"], texts);
      return Promise.all(keys.map((key) => send(["PTTL", key], Number)));
    },
    clients: async () => (await send(["CLIENT", "LIST"], String)).trim().split("\n").length,
    clear: () => send(["FLUSHALL"], nothing),
    put: (key, text) => send(["SET", key, text, "KEEPTTL"], nothing),
    async putList(key) {
      await send(["DEL", key], nothing);
      await send(["RPUSH", key, "garbage"], nothing);
    },
    configure: (name, value) => send(["CONFIG", "SET", name, value], nothing),
    async stop() {
      await end(server, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const texts = (reply: unknown) => (Array.isArray(reply) ? reply.map(String) : []);
const nothing = () => {};

async function startOnFreePort(
  program: string,
  folder: string,
): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = FIRST_PORT + ((process.pid * 53 + attempt * 997) % PORTS);
    const server = await tryStart(program, folder, port);
    if (server !== undefined) return { server, port };
  }
  throw new Error("no free port for redis-server");
}

/** @returns undefined when the port is somebody else's. */
async function tryStart(program: string, folder: string, port: number): Promise<ChildProcess | undefined> {
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn(program, [...settings, "--dir", folder], { stdio: "ignore" });
  const deadline = Date.now() + UP_WITHIN_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) return undefined;
    if ((await processOf(port)) === server.pid) return server;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await end(server, "SIGKILL");
  throw new Error(`redis-server was not up within ${UP_WITHIN_MS} ms`);
}

/** Asks whoever answers on the port for its process id: another test's server must not be taken for ours. */
function processOf(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("INFO server\r\nQUIT\r\n"));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => {
      const pid = /process_id:(\d+)/.exec(answer)?.[1];
      resolve(pid === undefined ? undefined : Number(pid));
    });
    socket.setTimeout(1_000, () => socket.destroy());
  });
}

function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    server.kill(signal);
  });
}

/** Waits for something that another process brings about. Fails when it has not come about in time. */
export async function until(what: string, holds: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
