import type { Clock } from "../clock.js";
import { type EntryChange, EntryTable } from "./entry-table.js";
import { FileLock } from "./file-lock.js";
import { IntentFile } from "./intent-file.js";
import type { IntentEntry, IntentStore } from "./intent-store.js";

export interface FileIntentStoreOptions {
  /** `INTENT_FILE`. Processes on one machine may share it; a file on a network drive they may not. */
  readonly path: string;
  readonly clock: Clock;
}

/** One thing to do with the table; what it changes is written before its answer is given. */
interface Task {
  readonly writes: boolean;
  readonly act: (table: EntryTable, note: (change: EntryChange | undefined) => void) => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** With fewer lines than these, rewriting the file is not worth it. */
const FEW_LINES = 1_000;

/**
 * Intents in a local file to which lines are only added: it survives the process and a loss of power (design section
 * 6). What is asked for at the same time is written and forced to the disk together.
 */
export function createFileIntentStore(options: FileIntentStoreOptions): IntentStore {
  const store = new FileIntentStore(options);
  const { read, write } = store;
  return {
    claim: (key, entry) =>
      write((table, note) => {
        const { answer, change } = table.claim(key, entry);
        note(change);
        return answer;
      }),
    get: (key) => read((table) => table.get(key)),
    replace: (key, revision, entry) =>
      write((table, note) => {
        const change = table.replace(key, revision, entry);
        note(change);
        return change !== undefined;
      }),
    remove: (key, revision) =>
      write((table, note) => {
        const change = table.remove(key, revision);
        note(change);
        return change !== undefined;
      }),
    open: () => read((table) => table.open()),
    ownerOf: (result) => read((table) => table.ownerOf(result)),
    close: () => store.close(),
  };
}

class FileIntentStore {
  readonly #file: IntentFile;
  readonly #lock: FileLock;
  readonly #table: EntryTable;
  #lines = 0;
  #waiting: Task[] = [];
  #working: Promise<void> | undefined;

  constructor({ path, clock }: FileIntentStoreOptions) {
    this.#file = new IntentFile(path);
    this.#lock = new FileLock(`${path}.lock`);
    this.#table = new EntryTable(clock);
  }

  readonly read = <T>(act: (table: EntryTable) => T): Promise<T> => this.#do(false, act);

  readonly write = <T>(act: (table: EntryTable, note: (change: EntryChange | undefined) => void) => T) =>
    this.#do(true, act);

  async close(): Promise<void> {
    await this.#working;
    await this.#file.forget();
  }

  #do<T>(
    writes: boolean,
    act: (table: EntryTable, note: (change: EntryChange | undefined) => void) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let answer: T;
      this.#waiting.push({
        writes,
        act: (table, note) => {
          answer = act(table, note);
        },
        done: () => resolve(answer),
        failed: reject,
      });
      this.#working ??= this.#work();
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const tasks = this.#waiting;
      this.#waiting = [];
      try {
        await (tasks.some(({ writes }) => writes)
          ? this.#lock.hold(() => this.#carryOut(tasks, true))
          : this.#carryOut(tasks, false));
        for (const { done } of tasks) done();
      } catch (error) {
        // What the table says may not be what the disk says: it is read anew.
        await this.#file.forget().catch(() => undefined);
        for (const { failed } of tasks) failed(error);
      }
    }
    this.#working = undefined;
  }

  async #carryOut(tasks: readonly Task[], locked: boolean): Promise<void> {
    await this.#catchUp(locked);
    const changes: EntryChange[] = [];
    for (const { act } of tasks) act(this.#table, (change) => change && changes.push(change));
    if (changes.length === 0) return;
    await this.#file.append(changes.map(toLine));
    this.#lines += changes.length;
    if (this.#lines > FEW_LINES && this.#lines > 4 * this.#table.size) await this.#shorten();
  }

  /** Everything is confirmed already; a file that stays long does no harm. */
  async #shorten(): Promise<void> {
    const lines = this.#table.all().map(toLine);
    await this.#file.replace(lines).catch(() => undefined);
  }

  async #catchUp(locked: boolean): Promise<void> {
    const { fresh, lines } = await this.#file.readOn(locked);
    if (fresh) {
      this.#table.clear();
      this.#lines = 0;
    }
    for (const line of lines) this.#table.apply(fromLine(line));
    this.#lines += lines.length;
  }
}

function toLine(change: EntryChange): string {
  if ("removed" in change) return JSON.stringify([change.key]);
  const { key, revision, open, expiresAt, result, text } = change;
  return JSON.stringify([key, revision, open, expiresAt, result ?? null, text]);
}

/** @throws Error for a line that is not ours: a file with a hole in it cannot say what was claimed. */
function fromLine(line: string): EntryChange {
  const parts: unknown = JSON.parse(line);
  if (!Array.isArray(parts)) throw new Error("the file of intents holds a line that is none");
  const [key, revision, open, expiresAt, result, text] = parts as [
    string,
    number,
    boolean,
    number,
    string | null,
    string,
  ];
  if (parts.length === 1) return { key, removed: true };
  const entry: IntentEntry = { text, open, expiresAt, ...(result !== null && { result }) };
  return { ...entry, key, revision };
}
