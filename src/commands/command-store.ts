import type { AuditStore, AuditTrail } from "../platform/audit/index.js";
import type { Clock } from "../platform/clock.js";
import type { Cipher } from "../platform/crypto/cipher.js";
import { SpineGraphError } from "../platform/errors.js";
import {
  type AuditEntry,
  type IntentEntry,
  type IntentStore,
  type StoredEntry,
  type StoreKeys,
  storeUnavailable,
} from "../platform/store/index.js";
import { CommandAudit } from "./command-audit.js";
import { type ClaimedIntent, claimedResources, type Intent, isOpen } from "./command-intent.js";

export interface CommandStoreOptions {
  readonly store: IntentStore;
  /** Of the store: the same for every process that uses it, whatever `STORE_KEY` is. */
  readonly keys: Pick<StoreKeys, "cipher" | "hash">;
  readonly clock: Clock;
  /** Without it, as in tests of other things, commands have no audit record of their own. */
  readonly audit?: Pick<AuditStore, "trailFor"> | undefined;
  /** How long a key is kept after its last change: `INTENT_RETENTION_DAYS`. */
  readonly keepMs?: number;
}

export type Claim<I extends Intent> =
  | { readonly kind: "claimed"; readonly claimed: ClaimedIntent<I> }
  | { readonly kind: "taken"; readonly by: ClaimedIntent }
  | ResourceConflict;

/** Another command may still take effect on one of the resources. Nothing was stored. */
export interface ResourceConflict {
  readonly kind: "conflict";
}

export type Replacement<I extends Intent> =
  | { readonly kind: "claimed"; readonly claimed: ClaimedIntent<I> }
  /** Another process has changed it since it was read. */
  | { readonly kind: "stale" }
  | ResourceConflict;

/** A result by which an intent can be found: which appointment at which practice. */
export interface IntentResult {
  readonly odsCode: string;
  readonly appointmentId: string;
}

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;
/** Raise it when the stored shape changes: entries of another release are then not interpreted. */
const SHAPE = 3;

/**
 * The intents of this deployment, over a store that cannot read them: their content is sealed (AES-256-GCM), and what
 * finds them is hashed with a key.
 *
 * Every method throws a retryable `UpstreamError` when the store cannot confirm. Before a send this refuses the command:
 * nothing has left.
 */
export class CommandStore {
  readonly #cipher: Cipher;
  readonly #audit: CommandAudit;

  constructor(private readonly options: CommandStoreOptions) {
    this.#cipher = options.keys.cipher("intents");
    this.#audit = new CommandAudit(options.audit);
  }

  /** The key of an intent: the same text from another organisation, or for another command, is another key. */
  keyFor(kind: string, odsCode: string, key: string): string {
    return this.#hash(["key", kind, odsCode, key]);
  }

  /** The content of a request, to be compared and never read. */
  contentOf(parts: readonly unknown[]): string {
    return this.#hash(["content", ...parts]);
  }

  /**
   * Binds the key to the intent and claims its resources, in one transaction, unless the key is bound or another command
   * holds one of the resources. Of several concurrent claims, one succeeds.
   *
   * @param trail in which the command's audit record is opened, in the same transaction.
   */
  async claim<I extends Intent>(key: string, given: I, trail?: AuditTrail): Promise<Claim<I>> {
    const { intent, entries } = this.#audit.change(given, trail);
    const response = await confirmed(() => this.options.store.claim(key, this.#seal(key, intent), entries));
    if (response.kind === "taken") return { kind: "taken", by: this.#open(response.by) };
    if (response.kind === "conflict") return { kind: "conflict" };
    return { kind: "claimed", claimed: { key, revision: response.revision, intent } };
  }

  async get(key: string): Promise<ClaimedIntent | undefined> {
    const entry = await confirmed(() => this.options.store.get(key));
    return entry && this.#open(entry);
  }

  /**
   * Changes an intent, and the resources that it claims with it. An outcome closes its audit record, in the same
   * transaction.
   *
   * @param trail in which an intent that is sent again opens its record.
   * @param more audit entries that are stored with the change, or not at all.
   */
  async replace<I extends Intent>(
    { key, revision }: ClaimedIntent,
    given: I,
    trail?: AuditTrail,
    more: readonly AuditEntry[] = [],
  ): Promise<Replacement<I>> {
    const { intent, entries } = this.#audit.change(given, trail);
    const entry = this.#seal(key, intent);
    const audit = [...entries, ...more];
    const { kind } = await confirmed(() => this.options.store.replace(key, revision, entry, audit));
    return kind === "replaced"
      ? { kind: "claimed", claimed: { key, revision: revision + 1, intent } }
      : { kind };
  }

  /** Frees a key under which nothing has been sent. */
  async remove({ key, revision, intent }: ClaimedIntent): Promise<boolean> {
    const { entries } = this.#audit.change({ ...intent, state: { name: "absent" } });
    return confirmed(() => this.options.store.remove(key, revision, entries));
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

  #seal(key: string, intent: Intent): IntentEntry {
    const { state } = intent;
    const result = state.name === "done" ? resultIn(state.result) : undefined;
    return {
      text: this.#cipher.seal(JSON.stringify({ shape: SHAPE, ...intent }), key),
      open: isOpen(intent),
      expiresAt: this.options.clock.now() + (this.options.keepMs ?? MONTH_MS),
      slotClaims: claimedResources(intent).map((resource) => this.#hash(["resource", resource])),
      ...(result && { result: this.#hashOf(result) }),
    };
  }

  #open(entry: StoredEntry): ClaimedIntent {
    const intent = this.#read(entry);
    if (intent === undefined) throw storeUnavailable(new Error("an intent cannot be opened"));
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
    return this.options.keys.hash("intent", ...parts);
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
    throw error instanceof SpineGraphError ? error : storeUnavailable(error);
  }
}
