import { randomUUID } from "node:crypto";
import { mkdir, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Far beyond the few milliseconds that a lock is held for. */
const STALE_MS = 30_000;
const RETRY_MS = 3;
/** Locks held by this process: after a restart its number may be that of the process that left a lock behind. */
const held = new Set<string>();

/**
 * A lock that processes on one machine share: a file that only one of them can create. One that a killed process left
 * behind is taken away once its process is gone, or, where that cannot be told, after half a minute.
 */
export class FileLock {
  constructor(
    private readonly path: string,
    private readonly waitMs = 5_000,
  ) {}

  /** @throws Error when the lock could not be had in time; then the work was not begun. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const token = `${process.pid} ${hostname()} ${randomUUID()}`;
    await this.#acquire(token);
    try {
      return await work();
    } finally {
      held.delete(token);
      // Whoever took us for dead holds a lock of their own by now.
      if ((await textOf(this.path)) === token) await remove(this.path);
    }
  }

  async #acquire(token: string): Promise<void> {
    const start = performance.now();
    await mkdir(dirname(this.path), { recursive: true });
    held.add(token);
    while (!(await create(this.path, token))) {
      if (performance.now() - start > this.waitMs) {
        held.delete(token);
        throw new Error("another process holds the lock of the intents");
      }
      await this.#clearStale();
      await pause(RETRY_MS);
    }
  }

  /** Only who holds the second lock may take the first one away, or two might: the old one and its successor. */
  async #clearStale(): Promise<void> {
    if (!(await isStale(this.path))) return;
    const clearing = `${this.path}.clearing`;
    if (await create(clearing, "")) {
      if (await isStale(this.path)) await remove(this.path);
      await remove(clearing);
    } else if (await isOld(clearing)) await remove(clearing);
  }
}

/** @returns false when it is there already. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  const token = await textOf(path);
  if (token === undefined || held.has(token)) return false;
  const [pid, host] = token.split(" ");
  // Created and not yet written, or of another machine or container: only its age can tell.
  if (!pid || host !== hostname()) return isOld(path);
  return Number(pid) === process.pid || !isAlive(Number(pid)) || isOld(path);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Math.abs(Date.now() - (await stat(path)).mtimeMs) > STALE_MS;
  } catch {
    return false; // gone
  }
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
