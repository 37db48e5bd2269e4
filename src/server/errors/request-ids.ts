/** The request id of each error. An `AsyncLocalStorage` instead would slow down every promise on Node.js 22. */
const requestIds = new WeakMap<object, string>();

/** The id of the request in which an error occurred. Undefined for an error from before the operation was known. */
export function correlationIdOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null ? requestIds.get(error) : undefined;
}

/** Remembers the request in which an error occurred. */
export function setCorrelationId(error: object, correlationId: string): void {
  requestIds.set(error, correlationId);
}
