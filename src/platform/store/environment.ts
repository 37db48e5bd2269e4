import type { StoreTransaction } from "./database.js";
import { StoreStartError } from "./store-failure.js";

/** Where the services are that a store's commands were sent to; undefined for the embedded sandbox. */
export interface StoreEnvironment {
  readonly mode: "sandbox" | "live";
  readonly pdsUrl?: string | undefined;
  readonly sdsUrl?: string | undefined;
  readonly sspUrl?: string | undefined;
}

const FACT = "environment";

/** `live pds=… sds=… ssp=…`: the mode and the hosts. A port or a path may change without being another environment. */
export function environmentFingerprint({ mode, pdsUrl, sdsUrl, sspUrl }: StoreEnvironment): string {
  return `${mode} pds=${hostOf(pdsUrl)} sds=${hostOf(sdsUrl)} ssp=${hostOf(sspUrl)}`;
}

function hostOf(url: string | undefined): string {
  if (url === undefined) return "local";
  const host = new URL(url).hostname.toLowerCase();
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host) ? "local" : host;
}

/**
 * Notes in a new store which environment it belongs to. An intent of one environment must never be reconciled in another.
 *
 * @throws StoreStartError when the store belongs to another environment.
 */
export async function requireEnvironment(
  transaction: StoreTransaction,
  environment: StoreEnvironment,
): Promise<void> {
  const value = environmentFingerprint(environment);
  const there = await transaction
    .selectFrom("store_facts")
    .select("value")
    .where("name", "=", FACT)
    .executeTakeFirst();
  if (there === undefined)
    await transaction.insertInto("store_facts").values({ name: FACT, value }).execute();
  else if (there.value !== value) {
    throw new StoreStartError(
      `The store at DATABASE_URL belongs to another environment: it was written for "${there.value}", this program runs for "${value}".`,
    );
  }
}
