import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import type { CallerPerson, CallerRole } from "../../domain/caller.js";
import { type NhsNumber, parseNhsNumber } from "../../domain/nhs-number.js";
import { type OdsCode, parseOdsCode } from "../../domain/ods-code.js";

/** What a token says of who asks; `docs/authentication.md` has the table. Blanks where it says nothing. */
export interface Claimed {
  readonly person: CallerPerson;
  readonly odsCode: OdsCode | undefined;
  /** Whom the person may ask about; undefined when the token does not say. */
  readonly patients?: readonly NhsNumber[] | undefined;
}

/** A role in the national register, as CIS2 writes it in `nhsid_nrbac_roles`. */
interface NationalRole {
  readonly orgCode: OdsCode | undefined;
  readonly profileId: string | undefined;
  readonly role: CallerRole;
}

/** Reads standard OpenID Connect claims, and those of NHS CIS2 Authentication where there is no standard. */
export function readClaims(claims: JWTPayload): Claimed {
  const roles = list(claims.nhsid_nrbac_roles).map(readRole);
  const selected = selectRole(roles, textOf(claims.selected_roleid));
  const odsCode = organisationOf(claims, roles, selected);
  // A role at another organisation says nothing of what its holder is here.
  const here = selected?.orgCode === odsCode ? selected : undefined;
  const role = here?.role ?? { code: textOf(claims.role_code), name: textOf(claims.role_name) };
  const sdsUserId = digits(claims.nhsid_useruid) ?? digits(claims.sds_user_id);
  const sdsRoleProfileId = digits(here?.profileId) ?? digits(claims.sds_role_profile_id);
  const patients = patientsOf(claims.patient_nhs_numbers);
  return {
    odsCode,
    ...(patients && { patients }),
    person: {
      ...identify(textOf(claims.sub) ?? ""),
      family: textOf(claims.family_name) ?? "",
      given: words(claims.given_name),
      prefix: words(claims.title ?? claims.honorific_prefix),
      ...(sdsUserId && { sdsUserId }),
      ...(sdsRoleProfileId && { sdsRoleProfileId }),
      ...((role.code ?? role.name) && { role }),
    },
  };
}

/** Practices read the id as a FHIR id; what has another form is told by its hash, the same each time. */
function identify(subject: string): { localId: string; subject?: string } {
  if (subject === "" || /^[A-Za-z0-9.-]{1,64}$/.test(subject)) return { localId: subject };
  return { localId: createHash("sha256").update(subject).digest("hex"), subject };
}

/** The role that was chosen at sign-in; without a choice, the only one there is. */
function selectRole(roles: readonly NationalRole[], chosen: string | undefined): NationalRole | undefined {
  if (chosen !== undefined) return roles.find((role) => role.profileId === chosen);
  return roles.length === 1 ? roles[0] : undefined;
}

/**
 * Where the person sits: as the token says, else where the chosen role is held. Without either, an organisation that
 * is the only one counts; between several nobody chooses here.
 */
function organisationOf(
  claims: JWTPayload,
  roles: readonly NationalRole[],
  selected: NationalRole | undefined,
): OdsCode | undefined {
  const said = claims.ods_code ?? claims.org_code;
  if (said !== undefined) return odsCodeOf(said);
  if (selected !== undefined) return selected.orgCode;
  if (claims.selected_roleid !== undefined) return undefined;
  const others = list(claims.nhsid_user_orgs).map((one) => odsCodeOf(one.org_code));
  const codes = new Set(roles.length > 0 ? roles.map((role) => role.orgCode) : others);
  return codes.size === 1 ? [...codes][0] : undefined;
}

/** What cannot be read admits to nobody: a slip of the issuer must not open every record. */
function patientsOf(said: unknown): readonly NhsNumber[] | undefined {
  if (said === undefined) return undefined;
  const numbers: unknown[] = Array.isArray(said) ? said : [said];
  return numbers.flatMap((one) => parseNhsNumber(textOf(one) ?? "", { allowRepeatedDigits: true }) ?? []);
}

function readRole(role: Record<string, unknown>): NationalRole {
  return {
    orgCode: odsCodeOf(role.org_code),
    profileId: textOf(role.person_roleid),
    role: { code: textOf(role.role_code), name: textOf(role.role_name) },
  };
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** SDS ids are digits; anything else would be taken for one by whoever reads the audit token. */
function digits(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,20}$/.test(text) ? text : undefined;
}

function odsCodeOf(value: unknown): OdsCode | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : parseOdsCode(text);
}

/** Several given names come as one text, parted by spaces (OpenID Connect Core, 5.1). */
function words(value: unknown): string[] {
  return textOf(value)?.split(/\s+/) ?? [];
}

function list(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null);
}
