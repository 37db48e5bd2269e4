import Keyv from "keyv";
import {
  type CacheEntry,
  type Loaded,
  ScopedCache,
  type Session,
} from "../../src/platform/cache/scoped-cache.js";
import { SESSION_MS } from "../../src/platform/cache/sessions.js";
import { createKeyring } from "../../src/platform/crypto/keyring.js";
import type { CacheCounts } from "../../src/platform/telemetry/call-log.js";
import { TestClock, type TestContext } from "../support/call-context.js";

export const LIFE_MS = 100_000;

export const session: Session = { id: "a session", endsAt: new TestClock().now() + SESSION_MS };

/** A patient's record, reused within {@link session}. */
export function entry(facts: Partial<CacheEntry> = {}): CacheEntry {
  return {
    cache: "PDS",
    scope: { kind: "session", session },
    key: ["9000000009"],
    ttlMs: LIFE_MS,
    ...facts,
  };
}

/** What all callers share. */
export const shared = entry({ cache: "SSP", scope: { kind: "deployment" }, key: ["capabilities", "T81001"] });

/** A cache with a clock that stands still, no jitter, and a load that numbers its answers. */
export function setUp(options: { readonly store?: Keyv; readonly random?: () => number } = {}) {
  const clock = new TestClock();
  const hashKey = createKeyring("a secret that only tests know").derive("cache keys");
  const { store = new Keyv(), random = () => 0 } = options;
  const cache = new ScopedCache({ store, hashKey, clock, random });
  let loads = 0;
  const load = async (): Promise<Loaded<string>> => ({ value: `answer ${++loads}`, keep: true });
  return { cache, store, clock, load, loads: () => loads };
}

/** Lets everything that is ready to go on do so. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export const counts = (context: TestContext, name = "PDS"): CacheCounts | undefined =>
  context.calls.cache[name];
