import { z } from "zod";
import { entriesWithoutWarnings } from "../searchset.js";
import type { EndpointRecord, SystemRecord } from "./join.js";

/**
 * The elements of the SDS FHIR API's responses (R4) that we read. Identifiers are found by system, because one with an
 * empty source attribute is left out and the others move up. Ids and `fullUrl`s are new in each response and mean
 * nothing (SDS notes, section 9.5). The interactions of a Device are ignored: Spine's own has hundreds.
 */

const SPINE_ASID = "https://fhir.nhs.uk/Id/nhsSpineASID";
const PARTY_KEY = "https://fhir.nhs.uk/Id/nhsMhsPartyKey";

const text = z.string().nullish();

const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const identifiers = listOf(z.object({ system: text, value: text }));
const organisation = z.object({ identifier: z.object({ value: text }).nullish() }).nullish();

// All schemas are created once, because zod compiles each at its first use.
const endpoints = z.array(
  z.object({
    resourceType: z.literal("Endpoint"),
    identifier: identifiers,
    address: text,
    managingOrganization: organisation,
  }),
);

const devices = z.array(
  z.object({
    resourceType: z.literal("Device"),
    identifier: identifiers,
    owner: organisation,
  }),
);

const anyBundle = z.looseObject({ resourceType: z.literal("Bundle") });

const bundle = z.object({
  resourceType: z.literal("Bundle"),
  entry: listOf(z.object({ resource: z.looseObject({ resourceType: z.string() }) })),
});

const operationOutcome = z.object({
  resourceType: z.literal("OperationOutcome"),
  issue: listOf(z.object({ details: z.object({ coding: listOf(z.object({ code: text })) }).nullish() })),
});

/** Why a response is unusable. */
export type UnusableReason = "NOT_JSON" | "WRONG_RESOURCE" | "MALFORMED_RESOURCE" | "INCOMPLETE_RESPONSE";

/** The records of a Bundle and the number of its entries, or why it is unusable. */
export type Reading<T> =
  | { readonly kind: "records"; readonly records: readonly T[]; readonly entries: number }
  | { readonly kind: "unusable"; readonly reason: UnusableReason };

/** Reads the response to `GET /Endpoint`. An Endpoint without an address is ignored. */
export function readEndpoints(body: string): Reading<EndpointRecord> {
  return readBundle(body, "Endpoint", endpoints, ({ identifier, address, managingOrganization }) =>
    address?.trim()
      ? [{ address, partyKey: find(identifier, PARTY_KEY), odsCode: organisationCode(managingOrganization) }]
      : [],
  );
}

/** Reads the response to `GET /Device`. A Device without an ASID is ignored, because it cannot be addressed. */
export function readSystems(body: string): Reading<SystemRecord> {
  return readBundle(body, "Device", devices, ({ identifier, owner }) => {
    const asid = find(identifier, SPINE_ASID);
    if (!asid) return [];
    return [{ asid, partyKey: find(identifier, PARTY_KEY), ownerOdsCode: organisationCode(owner) }];
  });
}

/** Upper-case words, and no longer than the longest Spine code. */
const SPINE_CODE = /^(?=.{1,50}$)[A-Z]+(_[A-Z]+)*$/;

/**
 * The Spine code of an error body, if it is a readable OperationOutcome. Only upper-case words count as a code, so no
 * other text of an upstream can reach an error.
 */
export function readSpineCode(body: string): string | undefined {
  const parsed = operationOutcome.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const codes = parsed.data.issue.flatMap((issue) => issue.details?.coding ?? []).map(({ code }) => code);
  return codes.find((code) => SPINE_CODE.test(code ?? "")) ?? undefined;
}

function readBundle<Resource, T>(
  body: string,
  resourceType: string,
  resourcesOf: z.ZodType<Resource[]>,
  toRecords: (resource: Resource) => T[],
): Reading<T> {
  const json = parseJson(body);
  if (json === undefined) return { kind: "unusable", reason: "NOT_JSON" };
  const unchecked = anyBundle.safeParse(json).data;
  if (!unchecked) return { kind: "unusable", reason: "WRONG_RESOURCE" };
  const entries = entriesWithoutWarnings(unchecked, resourceType);
  if (entries === undefined) return { kind: "unusable", reason: "INCOMPLETE_RESPONSE" };
  const parsed = bundle.safeParse({ ...unchecked, entry: entries });
  if (!parsed.success) return { kind: "unusable", reason: "MALFORMED_RESOURCE" };
  const { entry } = parsed.data;
  if (entry.some((each) => each.resource.resourceType !== resourceType)) {
    return { kind: "unusable", reason: "WRONG_RESOURCE" };
  }
  const resources = resourcesOf.safeParse(entry.map((each) => each.resource));
  if (!resources.success) return { kind: "unusable", reason: "MALFORMED_RESOURCE" };
  return { kind: "records", records: resources.data.flatMap(toRecords), entries: entry.length };
}

function find(list: z.infer<typeof identifiers>, system: string): string | undefined {
  return filled(list.find((each) => each.system === system)?.value);
}

function organisationCode(reference: z.infer<typeof organisation>): string | undefined {
  return filled(reference?.identifier?.value);
}

/** The value as sent, or undefined when it is blank. */
function filled(value: string | null | undefined): string | undefined {
  return value?.trim() ? value : undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
