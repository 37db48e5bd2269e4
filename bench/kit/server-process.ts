import { type ChildProcess, fork } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputFolder } from "./repository.js";

/** The flags of `npm start`. */
export const START_FLAGS = ["--max-semi-space-size=64", "--no-memory-reducer"];

const START_MS = 60_000;

/** The compiled `main.js` in a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** `http://127.0.0.1:port` */
  readonly base: string;
}

/**
 * Starts the server with the flags of `npm start`, on a free port of loopback. Its log goes to a file, as in production.
 *
 * @throws when it does not listen within a minute.
 */
export async function startServerProcess(
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const log = openSync(join(outputFolder(), "server.log"), "a");
  const child = fork(join(__dirname, "../../src/main.js"), {
    execArgv: START_FLAGS,
    stdio: ["ignore", "pipe", log, "ipc"],
    env: { PATH: process.env.PATH, NODE_ENV: "production", HOST: "127.0.0.1", PORT: "0", ...environment },
  });
  child.stdout?.setEncoding("utf8");
  return { child, base: await baseUrlOf(child) };
}

/** The server prints its address when it listens. */
export function baseUrlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error("the server did not start in time")), START_MS);
    child.once("exit", () => reject(new Error("the server ended at its start")));
    child.stdout?.on("data", (chunk: Buffer | string) => {
      // Later output is read and dropped, so that the pipe never fills.
      if (text.length > 10_000) return;
      text += chunk.toString();
      const port = /http:\/\/localhost:(\d+)\//.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(late);
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}

export interface ProcessMemory {
  readonly rssMiB: number;
  /** The highest so far. */
  readonly peakMiB: number;
}

/** The memory of a process, as Linux counts it. Other systems have no such file. */
export function memoryOf({ pid }: ChildProcess): ProcessMemory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  return { rssMiB: kibibytes("VmRSS") / 1024, peakMiB: kibibytes("VmHWM") / 1024 };
}

/** Processor seconds that a process has used so far. Linux counts in hundredths. */
export function cpuSecondsOf({ pid }: Pick<ChildProcess, "pid">): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
