import { type CacheStore, createCacheStore } from "../../src/platform/cache/cache-store.js";
import { type CacheEntry, ScopedCache } from "../../src/platform/cache/scoped-cache.js";
import { Sessions } from "../../src/platform/cache/sessions.js";
import { TestClock, testCaller, testContext } from "../support/call-context.js";
import { until } from "../support/redis.js";

export const SECRET = "a secret of thirty-two characters or more";

export const inDeployment = (key: string): CacheEntry => ({
  cache: "SSP",
  scope: { kind: "deployment" },
  key: [key],
  ttlMs: 3_600_000,
});

/** What one process of a deployment holds: its own connection, cache and sessions. */
export interface Instance {
  readonly store: CacheStore;
  readonly reuse: ScopedCache;
  readonly sessions: Sessions;
  /** How often this instance asked upstream. */
  calls(): number;
  ask(entry: CacheEntry): Promise<string>;
  /** One request of the session: the same entry as {@link inDeployment}, but the session's own. */
  askInSession(text: string, key: string): Promise<string>;
}

/** What upstream answers: right for this entry only. */
export const answerTo = ({ key }: CacheEntry, owner = "everybody") => `answer to ${key} for ${owner}`;

const instances: Instance[] = [];

export function createInstance(
  url: string,
  encryptionKeys: readonly string[] = [SECRET],
  clock = new TestClock(),
): Instance {
  const store = createCacheStore({ url, encryptionKeys });
  const reuse = new ScopedCache({ store: store.values, hashKey: store.keyring.derive("cache keys"), clock });
  const sessions = new Sessions({ store: store.values, hashKey: store.keyring.derive("sessions"), clock });
  let calls = 0;
  const ask = (entry: CacheEntry, owner?: string) =>
    reuse.get(entry, testContext(), async () => {
      calls += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return { value: answerTo(entry, owner), keep: true };
    });
  const instance: Instance = {
    store,
    reuse,
    sessions,
    calls: () => calls,
    ask,
    async askInSession(text, key) {
      const session = await sessions.open(text, testCaller);
      return ask({ ...inDeployment(key), scope: { kind: "session", session } }, text);
    },
  };
  instances.push(instance);
  return instance;
}

/** Closes all that the test made. */
export async function closeInstances(): Promise<void> {
  await Promise.all(instances.splice(0).map(({ store }) => store.close()));
}

/** Waits until both are connected, so that what one asks is found by the other. */
export async function connected(...some: readonly Instance[]): Promise<void> {
  let attempt = 0;
  for (const { store } of some) {
    const probe = `probe ${attempt++}`;
    await until("the connection", async () => {
      await store.values.set(probe, attempt, 60_000);
      return (await store.values.get(probe)) === attempt;
    });
  }
}
