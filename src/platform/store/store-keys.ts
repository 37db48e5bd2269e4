import { randomBytes } from "node:crypto";
import { type Cipher, createCipher } from "../crypto/cipher.js";
import { createHasher, type Hmac } from "../crypto/hmac.js";
import { createKeyring, type Keyring } from "../crypto/keyring.js";
import type { StoreTransaction } from "./database.js";
import { StoreStartError } from "./store-failure.js";

/**
 * The keys of one store. They come from a random data key that lies in the store, encrypted under each secret of
 * `STORE_KEY`: another secret changes no hash and no text, so a rotation needs no rewriting.
 */
export class StoreKeys {
  readonly #keyring: Keyring;
  readonly #ciphers = new Map<string, Cipher>();
  readonly #lookups: Hmac;
  /** Keys the hash chain of the audit, its checkpoints and its starts. */
  readonly chainKey: Buffer;

  constructor(dataKey: string) {
    this.#keyring = createKeyring(dataKey);
    this.#lookups = createHasher(this.#keyring.derive("store lookups"));
    this.chainKey = this.#keyring.derive("store audit chain");
  }

  /** Keyed hash by which a value can be found and compared, never read. */
  hash(purpose: string, ...parts: readonly unknown[]): string {
    return this.#lookups.base64url(JSON.stringify([purpose, ...parts]));
  }

  /** AES-256-GCM under a key of its own for each purpose, so that none seals too many texts. */
  cipher(purpose: string): Cipher {
    let cipher = this.#ciphers.get(purpose);
    if (cipher === undefined) {
      cipher = createCipher([this.#keyring.derive(`store texts ${purpose}`).toString("base64url")]);
      this.#ciphers.set(purpose, cipher);
    }
    return cipher;
  }
}

/**
 * Opens the store's data key with any secret that fits, makes one in a new store, and keeps it encrypted under exactly the
 * secrets given: a new secret works from now on, and one that is no longer given opens nothing any more.
 *
 * @param secrets `STORE_KEY`: `new,old` while processes with either one are running.
 * @throws StoreStartError when no secret opens the store.
 */
export async function openStoreKeys(
  transaction: StoreTransaction,
  secrets: readonly string[],
): Promise<StoreKeys> {
  const rows = await transaction.selectFrom("store_keys").selectAll().execute();
  const wrappers = secrets.map((secret) => ({
    id: createKeyring(secret).derive("store secret id", 9).toString("base64url"),
    cipher: createCipher([secret]),
  }));
  const found = wrappers
    .map(({ id, cipher }) => {
      const row = rows.find(({ secret_id }) => secret_id === id);
      return row && cipher.open(row.wrapped, `store key ${id}`);
    })
    .find((key) => key !== undefined);
  if (found === undefined && rows.length > 0) {
    throw new StoreStartError(
      "STORE_KEY does not open the store at DATABASE_URL: it was written under another key. Give that key too (`new,old`).",
    );
  }
  const dataKey = found ?? randomBytes(32).toString("base64url");
  const ids = wrappers.map(({ id }) => id);
  await transaction.deleteFrom("store_keys").where("secret_id", "not in", ids).execute();
  for (const { id, cipher } of wrappers) {
    if (rows.some(({ secret_id }) => secret_id === id)) continue;
    const wrapped = cipher.seal(dataKey, `store key ${id}`);
    await transaction.insertInto("store_keys").values({ secret_id: id, wrapped }).execute();
  }
  return new StoreKeys(dataKey);
}
