import { entriesWithoutWarnings } from "../searchset.js";
import {
  type Json,
  listOf,
  object,
  optional,
  optionalText,
  parseJson,
  resource,
  resourceTypeOf,
  text,
  tryRead,
} from "../strict-json.js";
import type { EndpointRecord, SystemRecord } from "./join.js";

/**
 * The elements of the SDS FHIR API's responses (R4) that we read. An element of the wrong type fails the whole response,
 * because a partly read one could look like a single match. Identifiers are found by system, because one with an
 * empty source attribute is left out and the others move up. Ids and `fullUrl`s are new in each response and mean
 * nothing (SDS notes, section 9.5). The interactions of a Device are ignored: Spine's own has hundreds.
 */

const SPINE_ASID = "https://fhir.nhs.uk/Id/nhsSpineASID";
const PARTY_KEY = "https://fhir.nhs.uk/Id/nhsMhsPartyKey";

/** Why a response is unusable. */
export type UnusableReason = "NOT_JSON" | "WRONG_RESOURCE" | "MALFORMED_RESOURCE" | "INCOMPLETE_RESPONSE";

/** The records of a Bundle and the number of its entries, or why it is unusable. */
export type Reading<T> =
  | { readonly kind: "records"; readonly records: readonly T[]; readonly entries: number }
  | { readonly kind: "unusable"; readonly reason: UnusableReason };

/** Reads the response to `GET /Endpoint`. An Endpoint without an address is ignored. */
export function readEndpoints(body: string): Reading<EndpointRecord> {
  return readBundle(body, "Endpoint", (endpoint) => {
    const identifiers = listOf(endpoint.identifier, toIdentifier);
    const address = optionalText(endpoint.address);
    const odsCode = organisationCode(endpoint.managingOrganization);
    return address?.trim() ? [{ address, partyKey: find(identifiers, PARTY_KEY), odsCode }] : [];
  });
}

/** Reads the response to `GET /Device`. A Device without an ASID is ignored, because it cannot be addressed. */
export function readSystems(body: string): Reading<SystemRecord> {
  return readBundle(body, "Device", (device) => {
    const identifiers = listOf(device.identifier, toIdentifier);
    const ownerOdsCode = organisationCode(device.owner);
    const asid = find(identifiers, SPINE_ASID);
    return asid ? [{ asid, partyKey: find(identifiers, PARTY_KEY), ownerOdsCode }] : [];
  });
}

/** Upper-case words, and no longer than the longest Spine code. */
const SPINE_CODE = /^(?=.{1,50}$)[A-Z]+(_[A-Z]+)*$/;

/**
 * The Spine code of an error body, if it is a readable OperationOutcome. Only upper-case words count as a code, so no
 * other text of an upstream can reach an error.
 */
export function readSpineCode(body: string): string | undefined {
  const codes = tryRead(parseJson(body), toOutcomeCodes) ?? [];
  return codes.find((code) => SPINE_CODE.test(code));
}

/** @param toRecords reads every element before it ignores a resource, so that a malformed one is always found. */
function readBundle<T>(body: string, resourceType: string, toRecords: (resource: Json) => T[]): Reading<T> {
  const json = parseJson(body);
  if (json === undefined) return unusable("NOT_JSON");
  if (resourceTypeOf(json) !== "Bundle") return unusable("WRONG_RESOURCE");
  const entries = entriesWithoutWarnings(object(json), resourceType);
  if (entries === undefined) return unusable("INCOMPLETE_RESPONSE");
  const resources = tryRead(entries, (list) => listOf(list, toResource));
  if (!resources) return unusable("MALFORMED_RESOURCE");
  if (resources.some((each) => each.resourceType !== resourceType)) return unusable("WRONG_RESOURCE");
  const records = tryRead(resources, () => resources.flatMap(toRecords));
  return records ? { kind: "records", records, entries: resources.length } : unusable("MALFORMED_RESOURCE");
}

function unusable(reason: UnusableReason): { readonly kind: "unusable"; readonly reason: UnusableReason } {
  return { kind: "unusable", reason };
}

function toResource(entry: unknown): Json {
  const found = object(object(entry).resource);
  text(found.resourceType);
  return found;
}

interface Identifier {
  readonly system: string | undefined;
  readonly value: string | undefined;
}

function toIdentifier(value: unknown): Identifier {
  const identifier = object(value);
  return { system: optionalText(identifier.system), value: optionalText(identifier.value) };
}

function find(identifiers: readonly Identifier[], system: string): string | undefined {
  return filled(identifiers.find((each) => each.system === system)?.value);
}

/** The code in a reference to an organisation. */
function organisationCode(reference: unknown): string | undefined {
  const identifier = optional(optional(reference, object)?.identifier, object);
  return filled(optionalText(identifier?.value));
}

/** All codes of an OperationOutcome, in order. */
function toOutcomeCodes(value: unknown): string[] {
  const issues = listOf(resource(value, "OperationOutcome").issue, (issue) => {
    const details = optional(object(issue).details, object);
    return listOf(details?.coding, (coding) => optionalText(object(coding).code));
  });
  return issues.flat().filter((code) => code !== undefined);
}

/** The value as sent, or undefined when it is blank. */
function filled(value: string | undefined): string | undefined {
  return value?.trim() ? value : undefined;
}
