import { readFileSync } from "node:fs";
import { z } from "zod";
import type { CallerOrganisation } from "../../domain/caller.js";
import type { OdsCode } from "../../domain/ods-code.js";
import { organisationType } from "./consumer-settings.js";
import { asid, odsCode, text } from "./setting-fields.js";

/** The settings of the organisations whose callers are served. */
export interface OrganisationSettings {
  readonly SPINE_ENV: "sandbox" | "live";
  readonly CONSUMERS_FILE?: string | undefined;
  readonly CONSUMER_ODS_CODE: OdsCode;
  readonly CONSUMER_NAME: string;
  readonly CONSUMER_ASID: string;
  readonly CONSUMER_PHONE: string;
  readonly CONSUMER_TYPE?: string | undefined;
}

export interface Organisations {
  readonly organisations: readonly CallerOrganisation[];
  readonly faults: readonly string[];
}

/** The settings that `CONSUMERS_FILE` replaces. */
export const ONE_ORGANISATION = [
  "CONSUMER_ODS_CODE",
  "CONSUMER_NAME",
  "CONSUMER_ASID",
  "CONSUMER_PHONE",
  "CONSUMER_TYPE",
] as const;

const organisation = z.strictObject({
  odsCode,
  name: text,
  asid,
  phone: text,
  type: organisationType.optional(),
});

/**
 * All organisations that this deployment serves: those of `CONSUMERS_FILE`, or the one of the `CONSUMER_` settings. The
 * consumer is the person's own organisation, never the host of a shared system (assurance notes, 2.1), so callers of any
 * other organisation are refused.
 */
export function readOrganisations(settings: OrganisationSettings, given: ReadonlySet<string>): Organisations {
  if (settings.CONSUMERS_FILE === undefined) return { organisations: [single(settings)], faults: [] };
  const { organisations, faults } = readFile(settings.CONSUMERS_FILE);
  const both = ONE_ORGANISATION.filter((name) => given.has(name)).map(
    (name) => `${name} cannot be given with CONSUMERS_FILE`,
  );
  return { organisations, faults: [...both, ...faults] };
}

function single(settings: OrganisationSettings): CallerOrganisation {
  // A wrong type would show slots meant for others, so only the sandbox has a default.
  const type = settings.CONSUMER_TYPE ?? (settings.SPINE_ENV === "sandbox" ? "gp-practice" : "");
  return {
    odsCode: settings.CONSUMER_ODS_CODE,
    name: settings.CONSUMER_NAME,
    asid: settings.CONSUMER_ASID,
    phone: settings.CONSUMER_PHONE,
    ...(type && { type }),
  };
}

function readFile(path: string): Organisations {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    return { organisations: [], faults: [`CONSUMERS_FILE ${why}`] };
  }
  const parsed = z.array(organisation).min(1, "must name at least one organisation").safeParse(json);
  if (!parsed.success) {
    return { organisations: [], faults: parsed.error.issues.map((issue) => sentence(issue, json)) };
  }
  const codes = repeated(parsed.data.map((one) => one.odsCode));
  const asids = repeated(parsed.data.map((one) => one.asid));
  return {
    organisations: parsed.data,
    faults: [...codes, ...asids.map((asid) => `the ASID ${asid}`)].map(
      (what) => `CONSUMERS_FILE names ${what} more than once`,
    ),
  };
}

/** The values that occur more than once, each once. Spine identifies an organisation's system by its ASID. */
function repeated<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** `CONSUMERS_FILE, organisation 2: phone …`, counted from one. */
function sentence(issue: z.core.$ZodIssue, json: unknown): string {
  const [index, ...field] = issue.path;
  const place = typeof index === "number" ? `, organisation ${index + 1}:` : "";
  const isMissing = valueAt(json, issue.path) === undefined;
  return `CONSUMERS_FILE${place} ${[...field, isMissing ? "is missing" : issue.message].join(" ")}`;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
    json,
  );
}
