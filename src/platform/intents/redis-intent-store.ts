import type { Clock } from "../clock.js";
import type { ClaimResult, IntentEntry, IntentStore, StoredEntry } from "./intent-store.js";

/** What is used of a client of Redis. A command that cannot be confirmed in good time must reject. */
export interface RedisCommands {
  get(key: string): Promise<string | null>;
  mGet(keys: string[]): Promise<(string | null)[]>;
  sMembers(key: string): Promise<string[]>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

export interface RedisIntentStoreOptions {
  readonly client: RedisCommands;
  readonly clock: Clock;
  readonly close?: () => Promise<void>;
}

/** One hash tag, so that in a cluster all of it lies together and a script may touch all of it. */
const PREFIX = "{spine-graph:intents}:";
const OPEN = `${PREFIX}open`;

/**
 * After a change: the intent is among the open ones or not, and owns its result unless another does.
 * KEYS: entry, open ones, result. ARGV: text, life in ms, key, "open" or "", "result" or "".
 */
const NOTE = `
if ARGV[4] == 'open' then redis.call('SADD', KEYS[2], ARGV[3]) else redis.call('SREM', KEYS[2], ARGV[3]) end
if ARGV[5] == 'result' then
  redis.call('SET', KEYS[3], ARGV[3], 'NX', 'PX', ARGV[2])
  if redis.call('GET', KEYS[3]) == ARGV[3] then redis.call('PEXPIRE', KEYS[3], ARGV[2]) end
end`;

const CLAIM = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return redis.call('GET', KEYS[1]) end
${NOTE}
return false`;

/** ARGV[6]: the revision that the change is based on. */
const REPLACE = `
local there = redis.call('GET', KEYS[1])
if not there or string.match(there, '^%d+') ~= ARGV[6] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
${NOTE}
return 1`;

const REMOVE = `
local there = redis.call('GET', KEYS[1])
if not there or string.match(there, '^%d+') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[2])
return 1`;

/** Open ones that have expired. */
const FORGET = `return redis.call('SREM', KEYS[1], unpack(ARGV))`;

/**
 * Intents in a Redis that instances share (design section 6): claimed by `SET NX`, changed by compare-and-set. As
 * durable as that Redis is: with its data gone, what is left against a second booking is the practice's own 409.
 */
export function createRedisIntentStore({ client, clock, close }: RedisIntentStoreOptions): IntentStore {
  const read = (key: string, text: string | null | undefined): StoredEntry | undefined => {
    const entry = text == null ? undefined : fromText(key, text);
    // Redis counts lives by its own clock; what is told of an expired intent must not depend on that.
    return entry && entry.expiresAt > clock.now() ? entry : undefined;
  };
  const write = (script: string, key: string, revision: number, entry: IntentEntry, more: string[] = []) =>
    client.eval(script, {
      keys: [PREFIX + key, OPEN, `${PREFIX}result:${entry.result ?? ""}`],
      arguments: [
        toText(revision, entry),
        String(Math.max(1, Math.ceil(entry.expiresAt - clock.now()))),
        key,
        entry.open ? "open" : "",
        entry.result === undefined ? "" : "result",
        ...more,
      ],
    });

  return {
    async claim(key, entry): Promise<ClaimResult> {
      const there = await write(CLAIM, key, 1, entry);
      if (there === null || there === undefined) return { kind: "claimed" };
      return { kind: "taken", by: fromText(key, String(there)) };
    },
    get: async (key) => read(key, await client.get(PREFIX + key)),
    replace: async (key, revision, entry) =>
      (await write(REPLACE, key, revision + 1, entry, [String(revision)])) === 1,
    remove: async (key, revision) =>
      (await client.eval(REMOVE, {
        keys: [PREFIX + key, OPEN],
        arguments: [String(revision), key],
      })) === 1,
    async open() {
      const keys = await client.sMembers(OPEN);
      if (keys.length === 0) return [];
      const texts = await client.mGet(keys.map((key) => PREFIX + key));
      const gone = keys.filter((_key, index) => texts[index] === null);
      if (gone.length > 0) await client.eval(FORGET, { keys: [OPEN], arguments: gone });
      return keys.flatMap((key, index) => read(key, texts[index]) ?? []).filter(({ open }) => open);
    },
    async ownerOf(result) {
      const key = await client.get(`${PREFIX}result:${result}`);
      return key !== null && read(key, await client.get(PREFIX + key)) ? key : undefined;
    },
    close: async () => close?.(),
  };
}

/** The revision stands in front, where a script finds it without reading the rest. */
function toText(revision: number, { text, open, expiresAt, result }: IntentEntry): string {
  return `${revision} ${JSON.stringify([open, expiresAt, result ?? null, text])}`;
}

function fromText(key: string, stored: string): StoredEntry {
  const [, revision, rest] = /^(\d+) (.+)$/s.exec(stored) ?? [];
  const parts: unknown = JSON.parse(rest ?? "");
  if (!Array.isArray(parts)) throw new Error("an intent in Redis is not one of ours");
  const [open, expiresAt, result, text] = parts as [boolean, number, string | null, string];
  return { key, revision: Number(revision), open, expiresAt, text, ...(result !== null && { result }) };
}
