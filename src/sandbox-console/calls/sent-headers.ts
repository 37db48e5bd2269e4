import type { JournalEntry } from "../api/journal-entry.js";

/** By this header practices recognise the proxy. No consumer sends it. */
const PROXY_HEADER = "x-sandbox-proxy";

/** The headers that the consumer sent, without what the proxy added on the way to the practice. */
export function listSentHeaders({ headers }: JournalEntry): [name: string, value: string][] {
  return Object.entries(headers).filter(([name]) => name !== PROXY_HEADER);
}
