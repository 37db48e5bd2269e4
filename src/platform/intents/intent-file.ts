import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * A file of whole lines, added to at its end and forced to the disk. A last line that was cut short, by a crash
 * in the middle of writing it, was never confirmed to anybody and is taken away.
 */
export class IntentFile {
  #file: FileHandle | undefined;
  /** How far it has been read. */
  #offset = 0;

  constructor(private readonly path: string) {}

  /**
   * The lines added since the last time, by whichever process.
   *
   * @param repair takes away a last line that was cut short; only under the lock, since others may be writing it.
   * @returns `fresh` when these are all lines there are, because the file is new to us or was replaced.
   */
  async readOn(repair: boolean): Promise<{ readonly fresh: boolean; readonly lines: readonly string[] }> {
    const fresh = await this.#reopen();
    const file = this.#opened();
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, size - this.#offset));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#offset);
    const end = bytes.subarray(0, bytesRead).lastIndexOf("\n") + 1;
    this.#offset += end;
    if (repair && end < bytesRead) await file.truncate(this.#offset);
    const text = bytes.subarray(0, end).toString("utf8");
    return { fresh, lines: text.split("\n").slice(0, -1) };
  }

  /** Confirmed once it returns. */
  async append(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    const file = this.#opened();
    await file.appendFile(bytes);
    await file.datasync();
    this.#offset += bytes.length;
  }

  /** Puts these lines in place of the whole file, at once. */
  async replace(lines: readonly string[]): Promise<void> {
    const next = `${this.path}.next`;
    const file = await open(next, "w", 0o600);
    try {
      await file.writeFile(lines.map((line) => `${line}\n`).join(""));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, this.path);
    await syncDirectory(dirname(this.path));
  }

  /** Reads it from its beginning the next time. */
  async forget(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.#offset = 0;
  }

  /** @returns whether the file is another one than before. */
  async #reopen(): Promise<boolean> {
    if (this.#file) {
      const [known, there] = await Promise.all([this.#file.stat(), stat(this.path).catch(() => undefined)]);
      if (there?.ino === known.ino && there.size >= this.#offset) return false;
      await this.forget();
    }
    await mkdir(dirname(this.path), { recursive: true });
    this.#file = await open(this.path, "a+", 0o600);
    await syncDirectory(dirname(this.path));
    return true;
  }

  #opened(): FileHandle {
    if (this.#file === undefined) throw new Error("the file of intents has not been read");
    return this.#file;
  }
}

/** So that a new name outlives a loss of power too. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
