import { createHmac } from "node:crypto";
import { open } from "node:fs/promises";
import { settings } from "./settings.mjs";

const HASH_KEY = "a key for synthetic people";
const file = await open(settings.auditFile, "a", 0o600);

let waiting = [];
let isWriting = false;

/** A keyed hash, so that the file does not name the patient. */
export function hashPatient(nhsNumber) {
  return createHmac("sha256", HASH_KEY).update(nhsNumber).digest("base64url");
}

/** Resolves when the lines are written. Requests that end meanwhile share the next write. */
export function writeAudit(lines) {
  return new Promise((resolve, reject) => {
    waiting.push({ lines, resolve, reject });
    if (!isWriting) void writeWaiting();
  });
}

async function writeWaiting() {
  isWriting = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    try {
      await file.appendFile(batch.map(({ lines }) => lines).join(""));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
  isWriting = false;
}
