import { createHmac } from "node:crypto";
import type { Clock } from "../platform/clock.js";
import { type Cipher, createCipher } from "../platform/crypto/cipher.js";
import type { Keyring } from "../platform/crypto/keyring.js";
import { UpstreamError } from "../platform/errors.js";
import type { IntentEntry, IntentStore, StoredEntry } from "../platform/intents/index.js";
import { type ClaimedIntent, type Intent, isOpen } from "./command-intent.js";

export interface CommandStoreOptions {
  readonly store: IntentStore;
  /** Of `ID_SIGNING_KEY`, in its order: the first seals, all open, the last makes the hashes that must stay the same. */
  readonly keyrings: readonly [Keyring, ...Keyring[]];
  readonly clock: Clock;
  /** How long a key is kept after its last change. */
  readonly keepMs?: number;
}

export type Claim<I extends Intent> =
  | { readonly kind: "claimed"; readonly claimed: ClaimedIntent<I> }
  | { readonly kind: "taken"; readonly by: ClaimedIntent };

/** A result by which an intent can be found: which appointment at which practice. */
export interface IntentResult {
  readonly odsCode: string;
  readonly appointmentId: string;
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
/** Raise it when the stored shape changes: entries of another release are then not interpreted. */
const SHAPE = 2;

/**
 * The intents of this deployment, over a store that cannot read them: their content is sealed (AES-256-GCM), and what
 * finds them is hashed with a key.
 *
 * Every method throws a retryable `UpstreamError` when the store cannot confirm. Before a send this refuses the command:
 * nothing has left.
 */
export class CommandStore {
  readonly #hashKey: Buffer;
  readonly #cipher: Cipher;

  constructor(private readonly options: CommandStoreOptions) {
    const { keyrings } = options;
    this.#hashKey = (keyrings.at(-1) ?? keyrings[0]).derive("intent keys");
    this.#cipher = createCipher(keyrings.map((keyring) => keyring.derive("intents").toString("base64url")));
  }

  /** The key of an intent: the same text from another organisation, or for another command, is another key. */
  keyFor(kind: string, odsCode: string, key: string): string {
    return this.#hash(["key", kind, odsCode, key]);
  }

  /** The content of a request, to be compared and never read. */
  contentOf(parts: readonly unknown[]): string {
    return this.#hash(["content", ...parts]);
  }

  /** Binds the key to the intent, unless it is bound. Of several concurrent claims, one succeeds. */
  async claim<I extends Intent>(key: string, intent: I): Promise<Claim<I>> {
    const response = await confirmed(() => this.options.store.claim(key, this.#seal(key, intent)));
    if (response.kind === "taken") return { kind: "taken", by: this.#open(response.by) };
    return { kind: "claimed", claimed: { key, revision: 1, intent } };
  }

  async get(key: string): Promise<ClaimedIntent | undefined> {
    const entry = await confirmed(() => this.options.store.get(key));
    return entry && this.#open(entry);
  }

  /** @returns the intent as it is now; undefined when somebody else has changed it since it was read. */
  async replace<I extends Intent>(
    { key, revision }: ClaimedIntent,
    intent: I,
  ): Promise<ClaimedIntent<I> | undefined> {
    const entry = this.#seal(key, intent);
    const isReplaced = await confirmed(() => this.options.store.replace(key, revision, entry));
    return isReplaced ? { key, revision: revision + 1, intent } : undefined;
  }

  /** Frees a key under which nothing has been sent. */
  async remove({ key, revision }: ClaimedIntent): Promise<boolean> {
    return confirmed(() => this.options.store.remove(key, revision));
  }

  /** All intents that still need reconciliation. Those sealed with a key that is gone are left out. */
  async open(): Promise<ClaimedIntent[]> {
    const entries = await confirmed(() => this.options.store.open());
    return entries.flatMap((entry) => {
      const intent = this.#read(entry);
      return intent ? { key: entry.key, revision: entry.revision, intent } : [];
    });
  }

  /** The key of the intent that a result is attributed to, as far as this deployment knows. */
  async ownerOf(result: IntentResult): Promise<string | undefined> {
    return confirmed(() => this.options.store.ownerOf(this.#hashOf(result)));
  }

  async close(): Promise<void> {
    await this.options.store.close();
  }

  #seal(key: string, intent: Intent): IntentEntry {
    const { state } = intent;
    const result = state.name === "done" ? resultIn(state.result) : undefined;
    return {
      text: this.#cipher.seal(JSON.stringify({ shape: SHAPE, ...intent }), key),
      open: isOpen(intent),
      expiresAt: this.options.clock.now() + (this.options.keepMs ?? WEEK_MS),
      ...(result && { result: this.#hashOf(result) }),
    };
  }

  #open(entry: StoredEntry): ClaimedIntent {
    const intent = this.#read(entry);
    if (intent === undefined) throw unconfirmed(new Error("an intent cannot be opened"));
    return { key: entry.key, revision: entry.revision, intent };
  }

  /** Sealed by us for this key, so it can only be what {@link #seal} wrote. */
  #read({ key, text }: StoredEntry): Intent | undefined {
    const plain = this.#cipher.open(text, key);
    const intent = plain === undefined ? undefined : (JSON.parse(plain) as Intent & { shape: number });
    return intent?.shape === SHAPE ? intent : undefined;
  }

  #hashOf({ odsCode, appointmentId }: IntentResult): string {
    return this.#hash(["result", odsCode, appointmentId]);
  }

  #hash(parts: readonly unknown[]): string {
    return createHmac("sha256", this.#hashKey).update(JSON.stringify(parts)).digest("base64url");
  }
}

/** A result names what it created, if it created anything. */
function resultIn(result: unknown): IntentResult | undefined {
  if (typeof result !== "object" || result === null || !("created" in result)) return undefined;
  return result.created as IntentResult;
}

async function confirmed<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw unconfirmed(error);
  }
}

/**
 * The contract's closed list of codes has none for a store of our own. To the caller the practice cannot be reached for
 * the moment: this request sent nothing, and may succeed later. Whether an earlier request under the same key sent
 * anything cannot be read now, so the message must not deny it.
 */
function unconfirmed(cause: unknown): UpstreamError {
  return new UpstreamError(
    "The request could not be stored safely, so this request did not send it. That says nothing about earlier requests under the same key. Try again in a moment.",
    {
      service: "SSP",
      code: "UPSTREAM_UNAVAILABLE",
      reason: "INTENT_STORE_UNAVAILABLE",
      retryable: true,
    },
    { cause },
  );
}
