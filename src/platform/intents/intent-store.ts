/**
 * What a store of intents keeps of one: sealed text, and the little that the store itself must know. Nothing readable
 * names anybody: keys and results are keyed hashes.
 */
export interface IntentEntry {
  readonly text: string;
  /** Somebody must still find out what became of it. */
  readonly open: boolean;
  /** When it may be forgotten, milliseconds since the epoch. */
  readonly expiresAt: number;
  /** What came of it, an appointment for instance. The first intent to name a result owns it. */
  readonly result?: string | undefined;
}

/** An entry as it lies in the store. */
export interface StoredEntry extends IntentEntry {
  readonly key: string;
  /** Counts the changes: 1 when claimed. */
  readonly revision: number;
}

export type ClaimResult = { readonly kind: "claimed" } | { readonly kind: "taken"; readonly by: StoredEntry };

/**
 * Where commands are written down before they are sent (design sections 6 and 9). It is no cache: an answer of it is
 * the truth or it throws, and whoever cannot have a thing confirmed here must not send it.
 *
 * Every change names the revision that it is based on, so of several who change one intent at the same time exactly
 * one is answered true.
 */
export interface IntentStore {
  /** Puts the entry there if there is none. Atomic: of several who claim one key, one is answered "claimed". */
  claim(key: string, entry: IntentEntry): Promise<ClaimResult>;
  get(key: string): Promise<StoredEntry | undefined>;
  /** @returns false, and nothing is changed, unless the entry is there in this revision. */
  replace(key: string, revision: number, entry: IntentEntry): Promise<boolean>;
  /** @returns false, and nothing is changed, unless the entry is there in this revision. */
  remove(key: string, revision: number): Promise<boolean>;
  /** All that are open, in no particular order. */
  open(): Promise<readonly StoredEntry[]>;
  /** The key of the intent that owns a result. */
  ownerOf(result: string): Promise<string | undefined>;
  close(): Promise<void>;
}
