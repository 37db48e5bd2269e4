import { randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { hasherOf } from "../crypto/hmac.js";
import { type AuditEntry, jsonOf, patientHashOf, type StoreKeys } from "../store/index.js";

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
  return textHash(chainKey, preceding, JSON.stringify(line));
}

function textHash(chainKey: Buffer, preceding: string, text: string): string {
  return hasherOf(chainKey).base64url(preceding + text);
}

/** One line of JSON for each record, in a hash chain of its own. */
export function createAuditLines({ keys, write, sync, close }: LinesOptions): AuditFile {
  const writer = randomUUID();
  let sequence = 0;
  let preceding = "";
  const toLine = (entry: AuditEntry) => {
    sequence += 1;
    const { attempt, phase } = entry;
    const head = JSON.stringify({ writer, sequence, attempt, phase, patient: patientHashOf(entry, keys) });
    // The record's text is the one that the database has. No record has a member of the head.
    const record = jsonOf(entry);
    const line = `${head.slice(0, -1)}${record === "{}" ? "" : ","}${record.slice(1)}`;
    preceding = textHash(keys.chainKey, preceding, line);
    return `${line.slice(0, -1)},"hash":"${preceding}"}\n`;
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
