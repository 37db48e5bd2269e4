import { randomUUID } from "node:crypto";
import { hashPatient, writeAudit } from "./audit.mjs";
import { settings } from "./settings.mjs";

const MAX_SESSIONS = 10_000;
const sessions = new Map();

/**
 * What one request has: its deadline, the audit lines of its calls, and the cache of its session. A request without a
 * session has a cache of its own.
 */
export class RequestContext {
  correlationId = randomUUID();
  #lines = "";
  #controller;
  #timer;

  /** @param canReuse false for a service without a cache: each call is made anew. */
  constructor(session, canReuse = true) {
    this.cache = canReuse ? sessionCache(session) : undefined;
    this.requestCache = canReuse ? new Map() : undefined;
  }

  /** Aborts the calls of the request at its deadline. Made with the first call. */
  get signal() {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.#timer = setTimeout(() => controller.abort(), settings.deadlineMs);
    }
    return this.#controller.signal;
  }

  /** Adds the audit line of one call. */
  record(service, interaction, nhsNumber, status, ms) {
    const patient = nhsNumber === undefined ? undefined : hashPatient(nhsNumber);
    const { correlationId } = this;
    const at = new Date().toISOString();
    this.#lines += `${JSON.stringify({ at, correlationId, caller: "A12345", service, interaction, patient, status, ms })}\n`;
  }

  /** To be called before the response leaves: no response without its audit. */
  async finish() {
    clearTimeout(this.#timer);
    if (this.#lines === "") return;
    const lines = this.#lines;
    this.#lines = "";
    await writeAudit(lines);
  }
}

/** The promise of a value that is younger than `maxAgeMs`: whoever asks while it is fetched waits for the same call. */
export function reuse(cache, key, maxAgeMs, fetchValue) {
  if (cache === undefined) return fetchValue();
  const known = cache.get(key);
  const now = Date.now();
  if (known !== undefined && known.until > now) return known.value;
  const value = fetchValue();
  cache.set(key, { until: now + maxAgeMs, value });
  value.catch(() => cache.delete(key));
  return value;
}

function sessionCache(session) {
  if (session === undefined) return new Map();
  let cache = sessions.get(session);
  if (cache === undefined) {
    if (sessions.size >= MAX_SESSIONS) sessions.delete(sessions.keys().next().value);
    cache = new Map();
    sessions.set(session, cache);
  }
  return cache;
}
