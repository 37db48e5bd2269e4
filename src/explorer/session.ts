/**
 * A new session id. `crypto.randomUUID` does not exist on plain HTTP pages other than localhost, so the id is made from
 * random bytes.
 */
export function createSessionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `explorer-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
