/**
 * A new session id. `crypto.randomUUID` is missing on plain http pages that are not on localhost, so the random
 * bytes are written out here.
 */
export function newSessionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `explorer-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
