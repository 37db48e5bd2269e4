export { createFileIntentStore, type FileIntentStoreOptions } from "./file-intent-store.js";
export type { ClaimResult, IntentEntry, IntentStore, StoredEntry } from "./intent-store.js";
export { createMemoryIntentStore } from "./memory-intent-store.js";
export {
  createRedisIntentStore,
  type RedisCommands,
  type RedisIntentStoreOptions,
} from "./redis-intent-store.js";
