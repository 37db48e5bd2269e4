export { createFileIntentStore, type FileIntentStoreOptions } from "./file-intent-store.js";
export {
  type Held,
  type Intent,
  type IntentKind,
  type IntentState,
  isOpen,
  lastOpenSend,
  type Send,
  spend,
  spendLast,
} from "./intent.js";
export type { ClaimResult, IntentEntry, IntentStore, StoredEntry } from "./intent-store.js";
export { type Claim, type IntentResult, Intents, type IntentsOptions } from "./intents.js";
export { createMemoryIntentStore } from "./memory-intent-store.js";
export {
  createRedisIntentStore,
  type RedisCommands,
  type RedisIntentStoreOptions,
} from "./redis-intent-store.js";
