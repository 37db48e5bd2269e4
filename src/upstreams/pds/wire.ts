import { entriesWithoutWarnings } from "../searchset.js";
import { listOf, parseJson, resource, resourceTypeOf, tryRead } from "../strict-json.js";
import {
  toOutcome,
  toPatient,
  toSearchEntry,
  type WirePatient,
  type WireSearchEntry,
} from "./wire-resources.js";

export type { WireHumanName, WirePatient, WirePeriod, WireSearchEntry } from "./wire-resources.js";

export interface Unreadable {
  readonly kind: "unreadable";
  readonly reason: "NOT_JSON" | "WRONG_RESOURCE" | "MALFORMED_RESOURCE" | "INCOMPLETE_RESPONSE";
}

/** The Patient of a response, or why there is none. */
export type PatientReading = { readonly kind: "patient"; readonly patient: WirePatient } | Unreadable;

/** The response to a search: a Bundle, or an OperationOutcome with the same status. */
export type SearchReading =
  | {
      readonly kind: "bundle";
      readonly entries: readonly WireSearchEntry[];
    }
  | { readonly kind: "outcome"; readonly isUnsupported: boolean }
  | Unreadable;

/** Reads the body of a 2xx. Its media type is ignored, because the gateway and Spine name it differently. */
export function readPatient(body: string): PatientReading {
  const json = parseJson(body);
  if (json === undefined) return unreadable("NOT_JSON");
  if (resourceTypeOf(json) !== "Patient") return unreadable("WRONG_RESOURCE");
  const patient = tryRead(json, toPatient);
  return patient ? { kind: "patient", patient } : unreadable("MALFORMED_RESOURCE");
}

/**
 * Reads the body of a 2xx to a search, by its resource type (PDS notes, trap 2). One unreadable entry makes the whole
 * response unusable: without it another patient could look like the only match.
 */
export function readSearch(body: string): SearchReading {
  const json = parseJson(body);
  if (json === undefined) return unreadable("NOT_JSON");
  switch (resourceTypeOf(json)) {
    case "Bundle":
      return tryRead(json, toSearchReading) ?? unreadable("MALFORMED_RESOURCE");
    case "OperationOutcome": {
      const outcome = tryRead(json, toOutcome);
      if (!outcome) return unreadable("MALFORMED_RESOURCE");
      return { kind: "outcome", isUnsupported: outcome.issue.some(({ code }) => code === "not-supported") };
    }
    default:
      return unreadable("WRONG_RESOURCE");
  }
}

function unreadable(reason: Unreadable["reason"]): Unreadable {
  return { kind: "unreadable", reason };
}

/** Upper-case words, and no longer than the longest Spine code. */
const SPINE_CODE = /^(?=.{1,50}$)[A-Z]+(_[A-Z]+)*$/;

/**
 * The Spine codes of an error body, in order; none when the body is not a readable OperationOutcome. Only upper-case
 * words count as codes, so no other text of an upstream can reach an error.
 */
export function readSpineCodes(body: string): string[] {
  const outcome = tryRead(parseJson(body), toOutcome);
  const codings = (outcome?.issue ?? []).flatMap(({ details }) => details?.coding ?? []);
  return codings.flatMap(({ code }) => (code !== undefined && SPINE_CODE.test(code) ? [code] : []));
}

/** Without a match there may be no `entry` at all, or an empty one (PDS notes, 6.5). */
function toSearchReading(value: unknown): SearchReading {
  const bundle = resource(value, "Bundle");
  const entry = entriesWithoutWarnings(bundle, "Patient");
  if (entry === undefined) return unreadable("INCOMPLETE_RESPONSE");
  if (bundle.type !== "searchset") return unreadable("MALFORMED_RESOURCE");
  return { kind: "bundle", entries: listOf(entry, toSearchEntry) };
}
