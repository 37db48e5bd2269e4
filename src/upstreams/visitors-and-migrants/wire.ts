import { entriesWithoutWarnings, isIncompleteBundle } from "../searchset.js";
import {
  listOf,
  MalformedElement,
  object,
  optional,
  optionalText,
  parseJson,
  resource,
  resourceTypeOf,
  tryRead,
} from "../strict-json.js";

/**
 * The elements of V&M's responses (FHIR DSTU2) that we read; they have the same form in later versions. The published
 * examples leave out what the specification demands (`fullUrl`, `total`, `versionId`), so none of it is required (V&M
 * notes, section 5). An element of the wrong type fails the whole resource, because a partly read status would look
 * like one with gaps. Other elements are ignored.
 */
export interface WireObservation {
  readonly status: string | undefined;
  readonly code: WireConcept;
  readonly subject: { readonly reference: string | undefined } | undefined;
  readonly effectiveDateTime: string | undefined;
  readonly component: readonly { readonly code: WireConcept; readonly valueCodeableConcept: WireConcept }[];
}

export type WireConcept = { readonly coding: readonly WireCoding[] } | undefined;

export interface WireCoding {
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly display: string | undefined;
}

/** One issue of an OperationOutcome: its severity, and Spine's code where there is a readable one. */
export interface Issue {
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
}

/** The content of a response, or why it is unusable. */
export type Reading =
  | { readonly kind: "observation"; readonly observation: WireObservation }
  | { readonly kind: "outcome"; readonly issues: readonly Issue[] }
  | { readonly kind: "empty" }
  | { readonly kind: "unusable"; readonly reason: UnusableReason };

/** Why a response is unusable. */
export type UnusableReason =
  | "NOT_JSON"
  | "WRONG_RESOURCE"
  | "MALFORMED_RESOURCE"
  | "SEVERAL_ENTRIES"
  | "INCOMPLETE_RESPONSE";

/**
 * Reads a body: a Bundle with one Observation or one OperationOutcome, an empty Bundle, or an OperationOutcome without
 * a Bundle. The sources disagree on the last (V&M notes, section 9, row 3).
 */
export function readBody(body: string): Reading {
  const json = parseJson(body);
  if (json === undefined) return unusable("NOT_JSON");
  if (resourceTypeOf(json) === "OperationOutcome") return readResource(json);
  if (resourceTypeOf(json) !== "Bundle") return unusable("WRONG_RESOURCE");
  const resources = tryRead(json, toResources);
  if (!resources) return unusable("MALFORMED_RESOURCE");
  const results = resultsOf(object(json), resources);
  if (!results) return unusable("INCOMPLETE_RESPONSE");
  if (results.length === 0) return { kind: "empty" };
  // The specification promises exactly one; choosing among several would be a guess.
  return results.length > 1 ? unusable("SEVERAL_ENTRIES") : readResource(results[0]);
}

/** The content of the entries, of which only its presence has been checked. */
function toResources(value: unknown): unknown[] {
  return listOf(resource(value, "Bundle").entry, (entry) => {
    const content = object(entry).resource;
    if (content === undefined) throw new MalformedElement();
    return content;
  });
}

/**
 * The resources that hold the result. An OperationOutcome is the result only when it stands alone; beside an Observation
 * it is a warning, or an error that makes the result doubtful.
 *
 * @returns undefined when the result is incomplete.
 */
function resultsOf(bundle: object, resources: readonly unknown[]): readonly unknown[] | undefined {
  if (isIncompleteBundle(bundle, "Observation")) return undefined;
  const others = resources.filter((each) => resourceTypeOf(each) !== "OperationOutcome");
  if (others.length === 0) return resources;
  return entriesWithoutWarnings(bundle, "Observation") === undefined ? undefined : others;
}

function readResource(json: unknown): Reading {
  switch (resourceTypeOf(json)) {
    case "Observation": {
      const observation = tryRead(json, toObservation);
      return observation ? { kind: "observation", observation } : unusable("MALFORMED_RESOURCE");
    }
    case "OperationOutcome": {
      const issues = tryRead(json, toIssues);
      return issues ? { kind: "outcome", issues } : unusable("MALFORMED_RESOURCE");
    }
    default:
      return unusable("WRONG_RESOURCE");
  }
}

function toObservation(value: unknown): WireObservation {
  const observation = resource(value, "Observation");
  return {
    status: optionalText(observation.status),
    code: toConcept(observation.code),
    subject: optional(observation.subject, (subject) => ({
      reference: optionalText(object(subject).reference),
    })),
    effectiveDateTime: optionalText(observation.effectiveDateTime),
    component: listOf(observation.component, (given) => {
      const component = object(given);
      return {
        code: toConcept(component.code),
        valueCodeableConcept: toConcept(component.valueCodeableConcept),
      };
    }),
  };
}

function toConcept(value: unknown): WireConcept {
  return optional(value, (concept) => ({ coding: listOf(object(concept).coding, toCoding) }));
}

function toCoding(value: unknown): WireCoding {
  const coding = object(value);
  return {
    system: optionalText(coding.system),
    code: optionalText(coding.code),
    display: optionalText(coding.display),
  };
}

function toIssues(value: unknown): Issue[] {
  return listOf(resource(value, "OperationOutcome").issue, toIssue);
}

/** Upper-case words, and no longer than the longest Spine code. */
const SPINE_CODE = /^(?=.{1,50}$)[A-Z]+([_ ][A-Z]+)*$/;

/**
 * Only upper-case words count as a code, so no other text can reach an error. The value set's `ACCESS DENIED` has a
 * space where newer codes have an underscore (V&M notes, trap 18).
 */
function toIssue(value: unknown): Issue {
  const issue = object(value);
  const codes = (toConcept(issue.details)?.coding ?? []).map(({ code }) => code ?? "");
  return {
    severity: optionalText(issue.severity),
    code: codes.find((code) => SPINE_CODE.test(code))?.replaceAll(" ", "_"),
  };
}

function unusable(reason: UnusableReason): Reading {
  return { kind: "unusable", reason };
}
