import { createHmac } from "node:crypto";
import type Keyv from "keyv";
import type { Caller } from "../domain/caller.js";
import type { Clock } from "./clock.js";
import type { Session } from "./reuse-cache.js";

/** A session ends 30 minutes after its first use, however often it is used (design section 6). */
export const SESSION_MS = 30 * 60 * 1000;

/** Turns the caller's `Spine-Session` text into a session of this person at this organisation. */
export class Sessions {
  constructor(
    private readonly options: { readonly store: Keyv; readonly hashKey: Buffer; readonly clock: Clock },
  ) {}

  /** The same text from another caller is another session; the same text after the end is a new one. */
  async open(text: string, caller: Caller): Promise<Session> {
    const { store, hashKey, clock } = this.options;
    const id = createHmac("sha256", hashKey)
      .update(JSON.stringify(["session", caller.person.localId, caller.organisation.odsCode, text]))
      .digest("base64url");
    const now = clock.now();
    const known = await store.get<number>(id).catch(() => undefined);
    if (known !== undefined && known > now) return { id: `${id}.${known}`, endsAt: known };
    const endsAt = now + SESSION_MS;
    await store.set(id, endsAt, SESSION_MS).catch(() => false);
    return { id: `${id}.${endsAt}`, endsAt };
  }
}
