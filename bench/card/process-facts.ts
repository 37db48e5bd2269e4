import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { request } from "undici";
import { end } from "../kit/child.js";
import { outputFolder, ROOT } from "../kit/repository.js";

/** A start that takes longer counts as failed. */
const PATIENCE_MS = 30_000;
const KIBIBYTES_A_MEBIBYTE = 1024;

/** Addresses without a listener. With all three set, no sandbox starts, and an idle server calls none of them. */
const ELSEWHERE = {
  PDS_URL: "http://127.0.0.1:9/pds",
  SDS_URL: "http://127.0.0.1:9/sds",
  SSP_URL: "http://127.0.0.1:9/ssp",
};

interface Started {
  readonly child: ChildProcess;
  /** From the start of the process to readiness over HTTP. */
  readonly ms: number;
}

/** Starts the built program repeatedly. @returns the duration of each start in milliseconds. */
export async function measureStarts(times: number): Promise<number[]> {
  const results: number[] = [];
  // The first start fills the file cache of the machine and is not measured.
  for (let index = 0; index <= times; index += 1) {
    const { child, ms } = await start({});
    await end(child);
    if (index > 0) results.push(ms);
  }
  return results;
}

export interface MemoryOptions {
  /** Without it, the settings name all three upstreams. */
  readonly withSandbox: boolean;
  readonly processes: number;
  readonly idleMs: number;
}

/** The resident memory of idle processes. @returns mebibytes, five samples for each process. */
export async function measureMemory({ withSandbox, processes, idleMs }: MemoryOptions): Promise<number[]> {
  const rss: number[] = [];
  for (let index = 0; index < processes; index += 1) {
    const { child } = await start(withSandbox ? {} : ELSEWHERE);
    await pause(idleMs);
    for (let sample = 0; sample < 5; sample += 1) {
      rss.push(residentMebibytes(child.pid ?? 0));
      await pause(1_000);
    }
    await end(child);
  }
  return rss;
}

async function start(settings: Record<string, string>): Promise<Started> {
  const began = performance.now();
  // The benchmarks run with the flags of `npm start`, so this passes them on.
  const child = spawn(process.execPath, [...process.execArgv, join(ROOT, "dist", "main.js")], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      AUDIT_FILE: join(outputFolder(), "start-audit.ndjson"),
      ...settings,
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const url = await baseUrlOf(child);
  const { statusCode, body } = await request(`${url}/health/ready`);
  await body.dump();
  if (statusCode !== 200) throw new Error(`not ready: ${statusCode}`);
  return { child, ms: performance.now() - began };
}

/** The server prints its address when it listens. */
function baseUrlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error("the program did not start"));
    }, PATIENCE_MS);
    child.once("exit", (code, signal) => {
      clearTimeout(late);
      reject(new Error(`the program ended with ${code ?? signal}; has it been built?`));
    });
    child.stdout?.on("data", (piece: Buffer) => {
      text += piece.toString();
      const url = /http:\/\/localhost:\d+/.exec(text)?.[0];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    });
  });
}

function residentMebibytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  const text = existsSync(status)
    ? /VmRSS:\s+(\d+)/.exec(readFileSync(status, "utf8"))?.[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).trim();
  return Number(text) / KIBIBYTES_A_MEBIBYTE;
}
