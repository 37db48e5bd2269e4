export {
  AuditChain,
  auditLookups,
  bodyCipher,
  bodyPlace,
  CHAIN_START,
  type ChainHead,
  chainHash,
  patientHashOf,
} from "./audit-chain.js";
export { type AuditEntry, type AuditOutcome, type AuditPhase, jsonOf } from "./audit-entry.js";
export {
  Database,
  type DatabaseOptions,
  isPostgresUrl,
  type StoreQueries,
  type StoreTransaction,
} from "./database.js";
export { environmentFingerprint, type StoreEnvironment } from "./environment.js";
export type {
  ClaimResult,
  IntentEntry,
  IntentStore,
  ReplaceResult,
  SlotConflict,
  StoredEntry,
} from "./intent-store.js";
export { openStore, type Store, type StoreOptions } from "./open-store.js";
export { forgetExpiredIntents } from "./sql-intent-store.js";
export { StoreStartError, storeUnavailable } from "./store-failure.js";
export { StoreKeys } from "./store-keys.js";
export type { AuditRecordRow, Tables } from "./tables.js";
