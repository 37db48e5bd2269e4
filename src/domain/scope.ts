/**
 * The permissions of callers. Each stands for one capability, so that a deployment can give a role exactly what it needs.
 * Routers enforce the same names through `@requiresScopes` in the schema.
 */
export const SCOPES = [
  /** A patient's demographic details. */
  "demographics",
  /** Search for patients by their details. */
  "trace",
  /** A patient's chargeable status, which is related to immigration and therefore has its own scope. */
  "chargeable-status",
  /** Free slots of practices. */
  "slots",
  "appointments:read",
  /** Book, cancel and amend appointments. */
  "appointments:write",
  /** Register a patient temporarily at a practice. */
  "register",
  /** Name, address and capabilities of practices. */
  "practice",
  /** Technical directory entries. */
  "operator",
  /** The log of upstream calls in responses. */
  "call-log",
] as const;

export type Scope = (typeof SCOPES)[number];

/** Alternatives, each a list of scopes that are needed together. The same form as in `@requiresScopes`. */
export type RequiredScopes = readonly (readonly Scope[])[];

const NAMES: ReadonlySet<string> = new Set(SCOPES);

export const isScope = (text: string): text is Scope => NAMES.has(text);

/** True when at least one alternative is granted completely. */
export function hasScopes(granted: ReadonlySet<Scope>, required: RequiredScopes): boolean {
  return required.some((alternative) => alternative.every((scope) => granted.has(scope)));
}
