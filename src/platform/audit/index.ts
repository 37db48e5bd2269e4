export type { AuditEvent, AuditOutcome, AuditTrail } from "./audit-event.js";
export { type AuditFile, createAuditLines, openAuditFile } from "./audit-file.js";
export { AuditStore } from "./audit-store.js";
export { AuditUpkeep } from "./audit-upkeep.js";
export { AuditWriter } from "./audit-writer.js";
export { readCheckpoints, type SignedCheckpoint } from "./checkpoints.js";
export { diagnosticsOf, noteDiagnostics } from "./diagnostics.js";
export { type AuditQuestion, type FoundRecord, findRecords } from "./find-records.js";
export { type AuditFault, type AuditReport, verifyAudit } from "./verify-audit.js";
