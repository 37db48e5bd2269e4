import type { AuditEntry } from "./audit-entry.js";

/**
 * What a store of intents keeps of one: encrypted text, and the little that the store itself must know. Nothing readable
 * names anybody: keys, results and slot claims are keyed hashes.
 */
export interface IntentEntry {
  readonly text: string;
  /** The outcome must still be reconciled. */
  readonly open: boolean;
  /** When it may be forgotten, milliseconds since the epoch. */
  readonly expiresAt: number;
  /** What came of it, an appointment for instance. The first intent to name a result owns it. */
  readonly result?: string | undefined;
  /**
   * The slots that no other intent may book meanwhile: a keyed hash of practice and slot each. A claim is held exactly as
   * long as the stored entry lists it.
   */
  readonly slotClaims: readonly string[];
}

/** An entry as it is stored. */
export interface StoredEntry extends IntentEntry {
  readonly key: string;
  /**
   * Counts the changes, from a random number. A key can be freed and claimed again: a change that is based on the earlier
   * claim, or an observation of it, must not apply to the later claim.
   */
  readonly revision: number;
}

/** Another live entry holds some of the slots. Nothing was changed. */
export interface SlotConflict {
  readonly kind: "conflict";
  readonly slotClaims: readonly string[];
  /** The key of an intent that holds one of them. */
  readonly heldBy: string;
}

export type ClaimResult =
  | { readonly kind: "claimed"; readonly revision: number }
  | { readonly kind: "taken"; readonly by: StoredEntry }
  | SlotConflict;

/** `stale`: the entry is not there in the revision that the change is based on. Nothing was changed. */
export type ReplaceResult = { readonly kind: "replaced" } | { readonly kind: "stale" } | SlotConflict;

/**
 * Where commands are kept before they are sent (design sections 6 and 9). It is no cache: its response is the truth or it
 * throws an `UpstreamError` of service `STORE`, and a command that cannot be confirmed here must not be sent.
 *
 * Every change names the revision that it is based on, so of several who change one intent at the same time exactly one
 * succeeds. The audit entries given with a change are appended in its transaction, and only when it is made.
 */
export interface IntentStore {
  /** Puts the entry there if there is none. Atomic: of several who claim one key, one is told "claimed". */
  claim(key: string, entry: IntentEntry, audit?: readonly AuditEntry[]): Promise<ClaimResult>;
  get(key: string): Promise<StoredEntry | undefined>;
  replace(
    key: string,
    revision: number,
    entry: IntentEntry,
    audit?: readonly AuditEntry[],
  ): Promise<ReplaceResult>;
  /** @returns false, and nothing is changed, unless the entry is there in this revision. */
  remove(key: string, revision: number, audit?: readonly AuditEntry[]): Promise<boolean>;
  /** All that are open, in no particular order. */
  open(): Promise<readonly StoredEntry[]>;
  /** The key of the intent that owns a result. */
  ownerOf(result: string): Promise<string | undefined>;
}
