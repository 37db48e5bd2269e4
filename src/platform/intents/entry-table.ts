import type { Clock } from "../clock.js";
import type { ClaimResult, IntentEntry, StoredEntry } from "./intent-store.js";

/** What was done to one key: its new entry, or that it is gone. */
export type EntryChange = StoredEntry | { readonly key: string; readonly removed: true };

/**
 * The rules of an {@link IntentStore} over a map, all of it at once and without waiting: what the stores in memory
 * and in a file share.
 */
export class EntryTable {
  readonly #entries = new Map<string, StoredEntry>();
  readonly #owners = new Map<string, string>();
  /** Of all that is remembered only a little is open, and that is asked for again and again. */
  readonly #open = new Set<string>();

  constructor(private readonly clock: Clock) {}

  get(key: string): StoredEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry && entry.expiresAt <= this.clock.now()) {
      this.#drop(entry);
      return undefined;
    }
    return entry;
  }

  claim(key: string, entry: IntentEntry): { answer: ClaimResult; change?: StoredEntry } {
    const by = this.get(key);
    if (by) return { answer: { kind: "taken", by } };
    const change = { ...entry, key, revision: 1 };
    this.apply(change);
    return { answer: { kind: "claimed" }, change };
  }

  /** @returns what was changed; undefined when the revision is another. */
  replace(key: string, revision: number, entry: IntentEntry): StoredEntry | undefined {
    if (this.get(key)?.revision !== revision) return undefined;
    const change = { ...entry, key, revision: revision + 1 };
    this.apply(change);
    return change;
  }

  remove(key: string, revision: number): EntryChange | undefined {
    if (this.get(key)?.revision !== revision) return undefined;
    const change = { key, removed: true } as const;
    this.apply(change);
    return change;
  }

  /** A change that has been decided on already, by this table or by another of the same history. */
  apply(change: EntryChange): void {
    const before = this.#entries.get(change.key);
    if ("removed" in change) {
      if (before) this.#drop(before);
      return;
    }
    this.#entries.set(change.key, change);
    if (change.open) this.#open.add(change.key);
    else this.#open.delete(change.key);
    if (change.result !== undefined && this.ownerOf(change.result) === undefined) {
      this.#owners.set(change.result, change.key);
    }
  }

  /** Expired ones included, until they are met. */
  get size(): number {
    return this.#entries.size;
  }

  /** What has not expired. */
  all(): StoredEntry[] {
    return this.#living(this.#entries.keys());
  }

  open(): StoredEntry[] {
    return this.#living(this.#open);
  }

  ownerOf(result: string): string | undefined {
    const key = this.#owners.get(result);
    return key !== undefined && this.get(key) ? key : undefined;
  }

  clear(): void {
    this.#entries.clear();
    this.#owners.clear();
    this.#open.clear();
  }

  #living(keys: Iterable<string>): StoredEntry[] {
    return [...keys].flatMap((key) => this.get(key) ?? []);
  }

  #drop(entry: StoredEntry): void {
    this.#entries.delete(entry.key);
    this.#open.delete(entry.key);
    if (entry.result !== undefined && this.#owners.get(entry.result) === entry.key) {
      this.#owners.delete(entry.result);
    }
  }
}
