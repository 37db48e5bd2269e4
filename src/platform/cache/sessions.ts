import type { Caller } from "../../domain/caller.js";
import type { Clock } from "../clock.js";
import { hasherOf } from "../crypto/hmac.js";
import type { Session } from "./scoped-cache.js";
import { readOrMiss, type ValueStore, writeOrLeave } from "./value-store.js";

/** A session ends 30 minutes after its first use, however often it is used (design, section 6). */
export const SESSION_MS = 30 * 60 * 1000;

export interface SessionsOptions {
  readonly store: ValueStore;
  /** The key of the hashes under which sessions are stored. The same for all instances that share the store. */
  readonly hashKey: Buffer;
  readonly clock: Clock;
}

/** Opens the session of a person at an organisation from the text of `Spine-Session`. */
export class Sessions {
  readonly #opening = new Map<string, Promise<Session>>();

  constructor(private readonly options: SessionsOptions) {}

  /** The same text from another caller is another session. The same text after the end of a session is a new session. */
  async open(text: string, caller: Caller): Promise<Session> {
    const id = this.#hash(text, caller);
    // Requests that open a session at the same time must get the same one, or they could share nothing.
    const opening = this.#opening.get(id) ?? this.#open(id);
    this.#opening.set(id, opening);
    return opening;
  }

  async #open(id: string): Promise<Session> {
    try {
      const { store, clock } = this.options;
      const known = await readOrMiss<number>(store, id);
      const now = clock.now();
      if (typeof known === "number" && known > now) return toSession(id, known, now);
      const endsAt = now + SESSION_MS;
      await writeOrLeave(store, id, endsAt, SESSION_MS);
      return toSession(id, endsAt, now);
    } finally {
      this.#opening.delete(id);
    }
  }

  /** The role and the organisation's ASID are part of it: responses and their audit depend on both. */
  #hash(text: string, { person, organisation }: Caller): string {
    const { localId, subject = "", sdsUserId = "", sdsRoleProfileId = "", role } = person;
    const who = [localId, subject, sdsUserId, sdsRoleProfileId, role?.code ?? ""];
    return hasherOf(this.options.hashKey).base64url(
      JSON.stringify(["session", ...who, organisation.odsCode, organisation.asid, text]),
    );
  }
}

/** The end is part of the id, so that a new session with the same text finds nothing of an ended one. */
function toSession(id: string, endsAt: number, now: number): Session {
  // An instance whose clock is ahead may have set the end. Our own clock limits it.
  return { id: `${id}.${endsAt}`, endsAt: Math.min(endsAt, now + SESSION_MS) };
}
