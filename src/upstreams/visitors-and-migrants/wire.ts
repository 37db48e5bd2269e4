import { z } from "zod";
import { entriesWithoutWarnings, isIncompleteBundle } from "../searchset.js";

/**
 * The elements of V&M's responses (FHIR DSTU2) that we read; they have the same form in later versions. The published
 * examples leave out what the specification demands (`fullUrl`, `total`, `versionId`), so none of it is required (V&M
 * notes, section 5). Other elements are ignored.
 */

const text = z.string().nullish();

const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const coding = z.object({ system: text, code: text, display: text });
const concept = z.object({ coding: listOf(coding) }).nullish();

// Created once, like all schemas, because zod compiles each at its first use.
const anyResource = z.looseObject({ resourceType: z.string() });

const observation = z.object({
  resourceType: z.literal("Observation"),
  status: text,
  code: concept,
  subject: z.object({ reference: text }).nullish(),
  effectiveDateTime: text,
  component: listOf(z.object({ code: concept, valueCodeableConcept: concept })),
});

const operationOutcome = z.object({
  resourceType: z.literal("OperationOutcome"),
  issue: listOf(z.object({ severity: text, details: concept })),
});

const bundle = z.object({
  resourceType: z.literal("Bundle"),
  entry: listOf(z.object({ resource: z.unknown() })),
});

export type WireObservation = z.infer<typeof observation>;
export type WireCoding = z.infer<typeof coding>;
export type WireConcept = z.infer<typeof concept>;

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
  const parsed = bundle.safeParse(json);
  if (!parsed.success) return unusable("MALFORMED_RESOURCE");
  const entries = entriesOf(json as object, parsed.data.entry);
  if (!entries) return unusable("INCOMPLETE_RESPONSE");
  const [first, ...others] = entries;
  if (!first) return { kind: "empty" };
  // The specification promises exactly one; choosing among several would be a guess.
  return others.length > 0 ? unusable("SEVERAL_ENTRIES") : readResource(first.resource);
}

type Entries = z.infer<typeof bundle>["entry"];

/**
 * The entries that hold the result. An OperationOutcome is the result only when it stands alone; beside an Observation it is
 * a warning, or an error that makes the result doubtful.
 *
 * @returns undefined when the result is incomplete.
 */
function entriesOf(json: object, entries: Entries): Entries | undefined {
  if (isIncompleteBundle(json, "Observation")) return undefined;
  if (entries.every(({ resource }) => resourceTypeOf(resource) === "OperationOutcome")) return entries;
  return entriesWithoutWarnings(json, "Observation") as Entries | undefined;
}

function readResource(resource: unknown): Reading {
  switch (resourceTypeOf(resource)) {
    case "Observation": {
      const parsed = observation.safeParse(resource);
      return parsed.success
        ? { kind: "observation", observation: parsed.data }
        : unusable("MALFORMED_RESOURCE");
    }
    case "OperationOutcome": {
      const parsed = operationOutcome.safeParse(resource);
      return parsed.success
        ? { kind: "outcome", issues: parsed.data.issue.map(toIssue) }
        : unusable("MALFORMED_RESOURCE");
    }
    default:
      return unusable(resource === undefined ? "MALFORMED_RESOURCE" : "WRONG_RESOURCE");
  }
}

/** Upper-case words, and no longer than the longest Spine code. */
const SPINE_CODE = /^(?=.{1,50}$)[A-Z]+([_ ][A-Z]+)*$/;

/**
 * Only upper-case words count as a code, so no other text can reach an error. The value set's `ACCESS DENIED` has a
 * space where newer codes have an underscore (V&M notes, trap 18).
 */
function toIssue({ severity, details }: z.infer<typeof operationOutcome>["issue"][number]): Issue {
  const codes = (details?.coding ?? []).map(({ code }) => code ?? "");
  return {
    severity: severity ?? undefined,
    code: codes.find((code) => SPINE_CODE.test(code))?.replaceAll(" ", "_"),
  };
}

function resourceTypeOf(json: unknown): string | undefined {
  return anyResource.safeParse(json).data?.resourceType;
}

function unusable(reason: UnusableReason): Reading {
  return { kind: "unusable", reason };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
