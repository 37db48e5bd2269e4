import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { freePorts } from "./free-ports.js";
import { findProgram, postgresFolders } from "./needs.js";

/** Recovery after a crash takes its time on a busy machine. */
const UP_WITHIN_MS = 60_000;
/** PostgreSQL refuses to run as root; Debian's package brings this user. */
const ORDINARY_USER = "postgres";

export interface TestPostgres {
  readonly port: number;
  /** A new, empty database. */
  createDatabase(): Promise<string>;
  /** Runs a statement as the owner of everything, past all clients of ours. */
  query<Row = Record<string, unknown>>(url: string, text: string): Promise<Row[]>;
  /** As a crash would: every connection is cut, and the server must recover. */
  kill(): Promise<void>;
  /** A shutdown that cuts every connection, as for a restart by an operator. */
  stopFast(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>;
  /** The server process stands still: connections stay open, nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** Makes a file or folder of a test the server's own, so that it may read and write there. */
  own(path: string): void;
  /** Folder of the client programs (`pg_dump`, `pg_restore`). */
  readonly programs: string;
  /** Runs one of them and gives its output. */
  run(program: string, args: readonly string[], input?: string): string;
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL that belongs to one test file: own port on loopback, own folder, trusting everybody. */
export async function startPostgres(): Promise<TestPostgres> {
  const program = findProgram("postgres");
  if (program === undefined) throw new Error("no postgres on the PATH");
  const programs = programFolder(program);
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-postgres-"));
  const user = ordinaryUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const as = { ...(user ?? {}), env: { PATH: process.env.PATH, LC_ALL: "C" } };
  const initialise = [
    "-D",
    data,
    "-U",
    "spine",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-sync",
    "--no-instructions",
  ];
  execFileSync(join(programs, "initdb"), initialise, { ...as, stdio: "pipe", cwd: folder });

  const port = await freePorts();
  const start = async (): Promise<ChildProcess> => {
    const settings = [
      "-p",
      `${port}`,
      "-h",
      "127.0.0.1",
      "-k",
      folder,
      "-c",
      "max_connections=60",
      "-c",
      "recovery_init_sync_method=syncfs",
    ];
    const server = spawn(join(programs, "postgres"), ["-D", data, ...settings], {
      ...as,
      cwd: folder,
      stdio: "ignore",
      detached: true,
    });
    await untilUp(server, port);
    return server;
  };
  let server = await start();
  let databases = 0;
  const urlOf = (name: string) => `postgres://spine@127.0.0.1:${port}/${name}`;
  const query = async <Row>(url: string, text: string): Promise<Row[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end();
    }
  };
  return {
    port,
    programs,
    async createDatabase() {
      databases += 1;
      const name = `store_${databases}`;
      await query(urlOf("postgres"), `create database ${name}`);
      return urlOf(name);
    },
    query,
    own(path) {
      if (user) chownSync(path, user.uid, user.gid);
    },
    kill: () => endGroup(server, "SIGKILL"),
    stopFast: () => endGroup(server, "SIGINT"),
    async restart() {
      rmSync(join(data, "postmaster.pid"), { force: true });
      server = await start();
    },
    freeze: () => signalAll(server, "SIGSTOP"),
    thaw: () => signalAll(server, "SIGCONT"),
    run: (name, args, input) =>
      execFileSync(join(programs, name), [...args], {
        ...as,
        cwd: folder,
        encoding: "utf8",
        ...(input !== undefined && { input }),
        stdio: ["pipe", "pipe", "pipe"],
      }),
    async stop() {
      await endGroup(server, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `postgres` on the PATH may stand alone there; `initdb` and the others are beside the one of Debian's package. */
function programFolder(program: string): string {
  const folders = [dirname(program), ...postgresFolders()];
  const folder = folders.find((path) =>
    ["postgres", "initdb", "pg_dump"].every((name) => existsSync(join(path, name))),
  );
  if (folder === undefined) throw new Error("no initdb and pg_dump beside postgres");
  return folder;
}

function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, ORDINARY_USER], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function untilUp(server: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + UP_WITHIN_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error("postgres ended while it started");
    const client = new Client({ connectionString: `postgres://spine@127.0.0.1:${port}/postgres` });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`postgres was not up within ${UP_WITHIN_MS} ms`);
}

function signalGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const isForOne = signal === "SIGINT";
  try {
    process.kill(isForOne ? server.pid : -server.pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

/** Each connection has a process of its own, in a group of its own. */
function signalAll(server: ChildProcess, signal: "SIGSTOP" | "SIGCONT"): void {
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8")
    .trim()
    .split(/\s+/);
  for (const pid of [server.pid, ...children.map(Number)]) if (pid) process.kill(pid, signal);
}

function endGroup(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    signalGroup(server, signal);
  });
}
