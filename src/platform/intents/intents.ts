import { createHmac } from "node:crypto";
import type { Clock } from "../clock.js";
import { type Cipher, createCipher } from "../crypto/cipher.js";
import type { Keyring } from "../crypto/keyring.js";
import { UpstreamError } from "../errors.js";
import { type Held, type Intent, type IntentKind, isOpen } from "./intent.js";
import type { IntentEntry, IntentStore, StoredEntry } from "./intent-store.js";

export interface IntentsOptions {
  readonly store: IntentStore;
  /** Of `ID_SIGNING_KEY`, in its order: the first seals, all open, the last makes the hashes that must stay the same. */
  readonly keyrings: readonly [Keyring, ...Keyring[]];
  readonly clock: Clock;
  /** How long a key is remembered after its last change. */
  readonly keepMs?: number;
}

export type Claim<I extends Intent> =
  | { readonly kind: "claimed"; readonly held: Held<I> }
  | { readonly kind: "taken"; readonly by: Held };

/** A result by which intents can be found: which appointment at which practice. */
export interface IntentResult {
  readonly odsCode: string;
  readonly appointmentId: string;
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
/** Raise it when what is kept changes its shape: what another release wrote is then not guessed at. */
const SHAPE = 1;

/**
 * The intents of this deployment, over a store that learns nothing of them: what they hold is sealed (AES-256-GCM), what
 * they are found by is hashed under a key.
 *
 * Every method throws an `UpstreamError`, retryable, when the store cannot confirm. Before a command is sent that refuses
 * it: nothing has left.
 */
export class Intents {
  readonly #hashKey: Buffer;
  readonly #cipher: Cipher;

  constructor(private readonly options: IntentsOptions) {
    const { keyrings } = options;
    this.#hashKey = (keyrings.at(-1) ?? keyrings[0]).derive("intent keys");
    this.#cipher = createCipher(keyrings.map((keyring) => keyring.derive("intents").toString("base64url")));
  }

  /** Under what an organisation's key is kept: the same text from another organisation, or for another command, is another. */
  keyFor(kind: IntentKind, odsCode: string, key: string): string {
    return this.#hash(["key", kind, odsCode, key]);
  }

  /** What was asked for, to be compared and never read. */
  contentOf(parts: readonly unknown[]): string {
    return this.#hash(["content", ...parts]);
  }

  /** Binds the key to the intent, unless it is bound. Of several who claim it at once, one does. */
  async claim<I extends Intent>(key: string, intent: I): Promise<Claim<I>> {
    const answer = await confirmed(() => this.options.store.claim(key, this.#seal(key, intent)));
    if (answer.kind === "taken") return { kind: "taken", by: this.#open(answer.by) };
    return { kind: "claimed", held: { key, revision: 1, intent } };
  }

  async get(key: string): Promise<Held | undefined> {
    const entry = await confirmed(() => this.options.store.get(key));
    return entry && this.#open(entry);
  }

  /** @returns the intent as it now is; undefined when somebody else has changed it since it was read. */
  async replace<I extends Intent>({ key, revision }: Held, intent: I): Promise<Held<I> | undefined> {
    const entry = this.#seal(key, intent);
    const done = await confirmed(() => this.options.store.replace(key, revision, entry));
    return done ? { key, revision: revision + 1, intent } : undefined;
  }

  /** Frees the key, of which nothing has been sent. */
  async remove({ key, revision }: Held): Promise<boolean> {
    return confirmed(() => this.options.store.remove(key, revision));
  }

  /** All that somebody must still look after. What was sealed by a key that is gone is left out. */
  async open(): Promise<Held[]> {
    const entries = await confirmed(() => this.options.store.open());
    return entries.flatMap((entry) => {
      const intent = this.#read(entry);
      return intent ? { key: entry.key, revision: entry.revision, intent } : [];
    });
  }

  /** Which intent brought a result about, as far as is known here. */
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

  #open(entry: StoredEntry): Held {
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

/** A result names its appointment where it has one of its own making. */
function resultIn(result: unknown): IntentResult | undefined {
  if (typeof result !== "object" || result === null || !("made" in result)) return undefined;
  return result.made as IntentResult;
}

async function confirmed<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw unconfirmed(error);
  }
}

/**
 * The contract's closed list of codes has none for a store of our own. To the caller it is the road to the practice
 * that is closed for the moment: this request sent nothing, and may succeed later. Whether an earlier one under the same
 * key did is written where nobody can read it now, so the words must not deny it.
 */
function unconfirmed(cause: unknown): UpstreamError {
  return new UpstreamError(
    "What is asked for could not be written down safely, so this request did not send it. Of earlier requests under the same key, if there were any, that says nothing. Try again in a moment.",
    {
      service: "SSP",
      code: "UPSTREAM_UNAVAILABLE",
      reason: "INTENT_STORE_UNAVAILABLE",
      retryable: true,
    },
    { cause },
  );
}
