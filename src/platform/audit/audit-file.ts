import { createHmac, randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type AuditEntry, auditLookups, type StoreKeys } from "../store/index.js";

/** A sink of audit lines beside the database. */
export interface AuditFile {
  /** Its lines survive a loss of power once {@link sync} has returned. */
  readonly isDurable: boolean;
  append(entries: readonly AuditEntry[]): void;
  sync(): void;
  close(): void;
}

export interface LinesOptions {
  /** Of the store: they sign each line and hash the patient it is about. */
  readonly keys: Pick<StoreKeys, "chainKey" | "hash">;
  /** Receives whole lines, newline included. */
  readonly write: (lines: string) => void;
  /** Left out where lines cannot be forced to a disk. */
  readonly sync?: () => void;
  readonly close?: () => void;
}

/** HMAC over the preceding line's hash and this line without its own. */
export function lineHash(chainKey: Buffer, preceding: string, line: object): string {
  return createHmac("sha256", chainKey).update(preceding).update(JSON.stringify(line)).digest("base64url");
}

/** One line of JSON for each record, in a hash chain of its own. */
export function createAuditLines({ keys, write, sync, close }: LinesOptions): AuditFile {
  const writer = randomUUID();
  let sequence = 0;
  let preceding = "";
  const toLine = ({ attempt, phase, nhsNumber, record }: AuditEntry) => {
    sequence += 1;
    const patient = nhsNumber === undefined ? undefined : auditLookups(keys).patient(nhsNumber);
    const line = { writer, sequence, attempt, phase, patient, ...record };
    preceding = lineHash(keys.chainKey, preceding, line);
    return `${JSON.stringify({ ...line, hash: preceding })}\n`;
  };
  return {
    isDurable: sync !== undefined,
    append: (entries) => write(entries.map(toLine).join("")),
    sync: () => sync?.(),
    close: () => close?.(),
  };
}

/** A file that only its owner can read, opened for appending; several processes may share it, since each write is one. */
export function openAuditFile(path: string, keys: LinesOptions["keys"]): AuditFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a", 0o600);
  return createAuditLines({
    keys,
    write: (lines) => void writeSync(file, lines),
    sync: () => fdatasyncSync(file),
    close: () => closeSync(file),
  });
}
