import { UpstreamError, type UpstreamErrorCode } from "../../../src/platform/errors.js";
import { HttpFailure } from "../../../src/platform/http/http-client.js";
import { LdapFailure } from "../../../src/platform/ldap/ldap-client.js";
import type { UpstreamService } from "../../../src/upstreams/policies.js";
import { upstreamError } from "../../../src/upstreams/upstream-errors.js";

/** A promise of the clients that a document has broken. */
export class Broken extends Error {
  override readonly name = "Broken";
}

const SERVICES = ["PDS", "SDS", "SSP", "PROVIDER", "VM"] as const satisfies readonly UpstreamService[];
const CODES = [
  "UPSTREAM_TIMEOUT",
  "UPSTREAM_UNAVAILABLE",
  "UPSTREAM_RATE_LIMITED",
  "UPSTREAM_REFUSED",
  "UPSTREAM_BAD_RESPONSE",
] as const satisfies readonly UpstreamErrorCode[];

/** Reasons that bring words of their own, and the two sentences that the directory has. */
const REASONS = [
  undefined,
  "NOT_ON_GP_CONNECT",
  "UNUSABLE_DIRECTORY_ADDRESS",
  "DIRECTORY_ENTRY_INCOMPLETE",
  "NO_SHARING_AGREEMENT",
  "NOT_ENABLED",
  "NO_ORGANISATION_CONSENT",
  "NO_PATIENT_CONSENT",
  "NOT_SUPPORTED",
];
const MESSAGES: ReadonlySet<string> = new Set([
  "The Spine directory's entry for this organisation is incomplete.",
  "The directory query is malformed and was not sent.",
  ...SERVICES.flatMap((service) =>
    CODES.flatMap((code) =>
      REASONS.flatMap((reason) =>
        [true, false].map((retryable) => upstreamError({ service, code, reason, retryable }).message),
      ),
    ),
  ),
]);

const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: (value) => value === "UpstreamError",
  message: (value) => typeof value === "string" && MESSAGES.has(value),
  // Where it was thrown; V8 writes the message into its first line, which is judged above.
  stack: (value) => typeof value === "string" && !/\d{10}/.test(value),
  service: (value) => SERVICES.some((service) => service === value),
  code: (value) => CODES.some((code) => code === value),
  retryable: (value) => typeof value === "boolean",
  outcomeUnknown: (value) => typeof value === "boolean",
  originUnsure: (value) => typeof value === "boolean",
  notForwarded: (value) => typeof value === "boolean",
  // A code of a closed form, short enough for a log and a metric: no text, no number.
  reason: (value) =>
    value === undefined ||
    (typeof value === "string" && value.length <= 50 && /^[A-Z]+(_[A-Z]+)*(_\d{1,5})?$/.test(value)),
  httpStatus: (value) => value === undefined || Number.isInteger(value),
  retryAfterMs: (value) => value === undefined || (Number.isFinite(value) && Number(value) >= 0),
  cause: (value) => {
    if (value instanceof UpstreamError) checkError(value);
    return value === undefined || value instanceof UpstreamError || isOurFailure(value);
  },
};

/** Made before any document was there: nothing of one can be in it. */
function isOurFailure(value: unknown): boolean {
  return value instanceof HttpFailure || value instanceof LdapFailure;
}

/** @throws Broken unless it is an UpstreamError that is safe to show and to log. */
export function checkError(error: unknown): void {
  if (error instanceof Broken) throw error;
  if (!(error instanceof UpstreamError)) throw new Broken(`threw ${describe(error)}`);
  for (const key of Reflect.ownKeys(error)) {
    const judge = FIELDS[String(key)];
    if (!judge) throw new Broken(`the error has a field of its own: ${String(key)}`);
    const value: unknown = Reflect.get(error, key);
    if (!judge(value)) throw new Broken(`the error's ${String(key)} is ${String(value).slice(0, 200)}`);
  }
}

function describe(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message.slice(0, 200)} ${error.stack?.split("\n")[1]?.trim()}`
    : typeof error;
}

const PROTOTYPES = [Object.prototype, Array.prototype, String.prototype, Function.prototype, Map.prototype];
const OWN_KEYS = PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length);

/** @throws Broken when a document has reached what all objects share, or the prototype of one that came out. */
export function checkPrototypes(result: unknown): void {
  for (const [index, prototype] of PROTOTYPES.entries()) {
    if (Reflect.ownKeys(prototype).length !== OWN_KEYS[index])
      throw new Broken("a shared prototype has been changed");
  }
  const boxes: unknown[] = [result];
  for (let box = boxes.pop(); boxes.length > 0 || box !== undefined; box = boxes.pop()) {
    if (typeof box !== "object" || box === null) continue;
    const prototype: object | null = Object.getPrototypeOf(box);
    if (prototype && !Object.hasOwn(prototype, "constructor"))
      throw new Broken("a result has a prototype of the document's");
    boxes.push(...Object.values(box).filter((value) => typeof value === "object" && value !== null));
  }
}
