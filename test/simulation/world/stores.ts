import {
  createFileIntentStore,
  createMemoryIntentStore,
  createRedisIntentStore,
  type IntentStore,
  type RedisCommands,
} from "../../../src/platform/intents/index.js";
import { Random } from "../kit/random.js";
import type { Scheduler } from "../kit/scheduler.js";
import type { StoreKind } from "../scenario.js";

/** The store that outlives the processes. Each process has its own connection. */
export interface SharedStore {
  isDown: boolean;
  /** The share of store operations with a fault. */
  faultRate: number;
  readonly faults: Map<string, number>;
  /** @param isAlive of the connected process: a dead one gets no result. */
  connect(isAlive: () => boolean): IntentStore;
  close(): Promise<void>;
}

export interface StoreParts {
  readonly kind: StoreKind;
  readonly scheduler: Scheduler;
  readonly seed: string;
  readonly faultRate: number;
  /** The path of the file store. */
  readonly path: string;
}

/** The real intent stores, behind a connection that can fail before and after each operation. */
export function createSharedStore({ kind, scheduler, seed, faultRate, path }: StoreParts): SharedStore {
  const faults = new Map<string, number>();
  const lose = (what: string): Error => {
    faults.set(what, (faults.get(what) ?? 0) + 1);
    return new Error(what);
  };
  const through = async <T>(isAlive: () => boolean, run: () => Promise<T>): Promise<T> => {
    const ending = <E>(end: E): Promise<E> => (isAlive() ? Promise.resolve(end) : new Promise(() => {}));
    // The random stream depends on the time, so that removing other parts of a scenario does not change it.
    const random = new Random(seed, "store", scheduler.now());
    await scheduler.sleep(random.between(0, 4));
    await ending(undefined);
    if (shared.isDown) throw lose("store down");
    if (random.chance(shared.faultRate / 20)) throw lose("store lost before operation");
    const result = await (kind === "file" ? scheduler.hold(run()) : run());
    await scheduler.sleep(random.between(0, 4));
    await ending(undefined);
    if (random.chance(shared.faultRate / 20)) throw lose("store lost after operation");
    return result;
  };
  const memory = createMemoryIntentStore(scheduler);
  const redis = new FakeRedis();
  const opened: IntentStore[] = [];
  const shared: SharedStore = {
    close: async () => void (await Promise.all(opened.map((store) => store.close()))),
    isDown: false,
    faultRate,
    faults,
    connect(isAlive) {
      const via =
        <A extends unknown[], T>(run: (...args: A) => Promise<T>) =>
        (...args: A) =>
          through(isAlive, () => run(...args));
      if (kind === "redis") {
        const client: RedisCommands = {
          get: via(async (key) => redis.get(key)),
          mGet: via(async (keys) => keys.map((key) => redis.get(key))),
          sMembers: via(async () => redis.members()),
          eval: via(async (_script, { keys, arguments: args }) => redis.eval(keys, args)),
        };
        return createRedisIntentStore({ client, clock: scheduler });
      }
      const store = kind === "memory" ? memory : createFileIntentStore({ path, clock: scheduler });
      opened.push(store);
      return {
        claim: via(store.claim),
        get: via(store.get),
        replace: via(store.replace),
        remove: via(store.remove),
        open: via(store.open),
        ownerOf: via(store.ownerOf),
        close: store.close,
      };
    },
  };
  return shared;
}

/** The effect of the three scripts, which differ in their arguments. */
class FakeRedis {
  readonly #values = new Map<string, string>();
  readonly #open = new Set<string>();

  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  members(): string[] {
    return [...this.#open];
  }

  eval(keys: readonly string[], args: readonly string[]): unknown {
    const [entry = "", , result = ""] = keys;
    const there = this.#values.get(entry);
    const isAt = (revision: string | undefined) => there?.split(" ")[0] === revision;
    if (keys.length === 2) {
      if (!isAt(args[0])) return 0;
      this.#values.delete(entry);
      this.#open.delete(args[1] ?? "");
      return 1;
    }
    const [text = "", , key = "", open, owns, revision] = args;
    const isClaim = args.length === 5;
    if (isClaim && there !== undefined) return there;
    if (!isClaim && !isAt(revision)) return 0;
    this.#values.set(entry, text);
    if (open === "open") this.#open.add(key);
    else this.#open.delete(key);
    if (owns === "result" && !this.#values.has(result)) this.#values.set(result, key);
    return isClaim ? null : 1;
  }
}
