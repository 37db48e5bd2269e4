import { z } from "zod";
import { entriesWithoutWarnings } from "../searchset.js";

/**
 * The elements of PDS's responses (FHIR R4, UK Core) that we read. Almost all are optional: a very restricted record
 * has neither name nor birth date. An element of the wrong type (an object instead of a list) fails the whole
 * resource, because a partly read record would look like a record with gaps. Other elements are ignored.
 */

const text = z.string().nullish();
const period = z.object({ start: text, end: text }).nullish();

const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** A list of texts may hold a null in place of an extension (FHIR), or an empty address line (PDS). */
const texts = z
  .array(z.string().nullable())
  .nullish()
  .transform((items) => (items ?? []).filter((item): item is string => item !== null && item !== ""));

const coding = z.object({ system: text, code: text });
const concept = z.object({ coding: listOf(coding) }).nullish();
const identifier = z.object({ system: text, value: text, period });

const name = z.object({ use: text, period, family: text, given: texts, prefix: texts, suffix: texts });
const address = z.object({ use: text, period, line: texts, postalCode: text });
const telecom = z.object({ system: text, use: text, value: text, period });

const extension = z.object({
  url: text,
  extension: listOf(z.object({ url: text, valueCodeableConcept: concept })),
});

const patient = z.object({
  resourceType: z.literal("Patient"),
  id: z.string(),
  meta: z.object({ versionId: text, security: listOf(coding) }).nullish(),
  identifier: listOf(identifier),
  name: listOf(name),
  gender: text,
  birthDate: text,
  deceasedDateTime: text,
  deceasedBoolean: z.boolean().nullish(),
  address: listOf(address),
  telecom: listOf(telecom),
  generalPractitioner: listOf(z.object({ identifier: identifier.nullish() })),
  extension: listOf(extension),
});

const operationOutcome = z.object({
  resourceType: z.literal("OperationOutcome"),
  issue: listOf(z.object({ code: text, details: concept })),
});

/** An entry of a search holds a subset of a Patient, in the same shape. */
const searchEntry = z.object({
  resource: patient,
  search: z.object({ score: z.number().nullish() }).nullish(),
});

/** Without a match there may be no `entry` at all, or an empty one (PDS notes, 6.5). */
const searchBundle = z.object({
  resourceType: z.literal("Bundle"),
  type: z.literal("searchset"),
  entry: listOf(searchEntry),
});

export type WirePatient = z.infer<typeof patient>;
export type WireHumanName = z.infer<typeof name>;
export type WireSearchEntry = z.infer<typeof searchEntry>;
export type WirePeriod = z.infer<typeof period>;

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
  if (resourceType(json) !== "Patient") return unreadable("WRONG_RESOURCE");
  const parsed = patient.safeParse(json);
  return parsed.success ? { kind: "patient", patient: parsed.data } : unreadable("MALFORMED_RESOURCE");
}

/**
 * Reads the body of a 2xx to a search, by its resource type (PDS notes, trap 2). One unreadable entry makes the whole
 * response unusable: without it another patient could look like the only match.
 */
export function readSearch(body: string): SearchReading {
  const json = parseJson(body);
  if (json === undefined) return unreadable("NOT_JSON");
  switch (resourceType(json)) {
    case "Bundle": {
      const entry = entriesWithoutWarnings(json as object, "Patient");
      if (entry === undefined) return unreadable("INCOMPLETE_RESPONSE");
      const parsed = searchBundle.safeParse({ ...(json as object), entry });
      return parsed.success
        ? { kind: "bundle", entries: parsed.data.entry }
        : unreadable("MALFORMED_RESOURCE");
    }
    case "OperationOutcome": {
      const parsed = operationOutcome.safeParse(json);
      if (!parsed.success) return unreadable("MALFORMED_RESOURCE");
      return {
        kind: "outcome",
        isUnsupported: parsed.data.issue.some(({ code }) => code === "not-supported"),
      };
    }
    default:
      return unreadable("WRONG_RESOURCE");
  }
}

function resourceType(json: unknown): unknown {
  return typeof json === "object" && json !== null && "resourceType" in json ? json.resourceType : undefined;
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
  const parsed = operationOutcome.safeParse(parseJson(body));
  if (!parsed.success) return [];
  const codes = parsed.data.issue.flatMap((issue) => issue.details?.coding ?? []).map(({ code }) => code);
  return codes.filter((code): code is string => SPINE_CODE.test(code ?? ""));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
