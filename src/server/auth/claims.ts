import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import type { CallerPerson, CallerRole } from "../../domain/caller.js";
import { type NhsNumber, parseNhsNumber } from "../../domain/nhs-number.js";
import { type OdsCode, parseOdsCode } from "../../domain/ods-code.js";

/** What a token says about the caller (see `docs/authentication.md`). A missing claim is an empty text or absent. */
export interface CallerClaims {
  readonly person: CallerPerson;
  readonly odsCode: OdsCode | undefined;
  /** The patients whose data the person may see. Undefined when the token has no such claim. */
  readonly patients?: readonly NhsNumber[] | undefined;
}

/** A role in the national register, as CIS2 writes it in `nhsid_nrbac_roles`. */
interface NationalRole {
  readonly orgCode: OdsCode | undefined;
  readonly profileId: string | undefined;
  readonly role: CallerRole;
}

/** Maps the claims of OpenID Connect, and those of NHS CIS2 Authentication where there is no standard claim. */
export function toCallerClaims(claims: JWTPayload): CallerClaims {
  const roles = list(claims.nhsid_nrbac_roles).map(toNationalRole);
  const selected = selectRole(roles, textOf(claims.selected_roleid));
  const odsCode = organisationOf(claims, roles, selected);
  // A role at another organisation is not valid at this one.
  const localRole = selected?.orgCode === odsCode ? selected : undefined;
  const role = localRole?.role ?? { code: textOf(claims.role_code), name: textOf(claims.role_name) };
  const sdsUserId = digits(claims.nhsid_useruid) ?? digits(claims.sds_user_id);
  const sdsRoleProfileId = digits(localRole?.profileId) ?? digits(claims.sds_role_profile_id);
  const patients = patientsOf(claims.patient_nhs_numbers);
  return {
    odsCode,
    ...(patients && { patients }),
    person: {
      ...toPersonId(textOf(claims.sub) ?? ""),
      family: textOf(claims.family_name) ?? "",
      given: words(claims.given_name),
      prefix: words(claims.title ?? claims.honorific_prefix),
      ...(sdsUserId && { sdsUserId }),
      ...(sdsRoleProfileId && { sdsRoleProfileId }),
      ...((role.code ?? role.name) && { role }),
    },
  };
}

/** Practices read the id as a FHIR id. A subject of another form is replaced by its hash, which is always the same. */
function toPersonId(subject: string): { localId: string; subject?: string } {
  if (subject === "" || /^[A-Za-z0-9.-]{1,64}$/.test(subject)) return { localId: subject };
  return { localId: createHash("sha256").update(subject).digest("hex"), subject };
}

/** The role selected at sign-in. Without a selection, the only role, if there is exactly one. */
function selectRole(roles: readonly NationalRole[], selected: string | undefined): NationalRole | undefined {
  if (selected !== undefined) return roles.find((role) => role.profileId === selected);
  return roles.length === 1 ? roles[0] : undefined;
}

/**
 * The person's organisation: the token's own claim, else that of the selected role, else the only organisation in the
 * token. With several organisations and no selection the result is undefined, because we must not guess.
 */
function organisationOf(
  claims: JWTPayload,
  roles: readonly NationalRole[],
  selected: NationalRole | undefined,
): OdsCode | undefined {
  const claimed = claims.ods_code ?? claims.org_code;
  if (claimed !== undefined) return odsCodeOf(claimed);
  if (selected !== undefined) return selected.orgCode;
  if (claims.selected_roleid !== undefined) return undefined;
  const others = list(claims.nhsid_user_orgs).map((organisation) => odsCodeOf(organisation.org_code));
  const codes = new Set(roles.length > 0 ? roles.map((role) => role.orgCode) : others);
  return codes.size === 1 ? [...codes][0] : undefined;
}

/** A malformed claim gives access to no patient, so that a mistake of the issuer cannot give access to every patient. */
function patientsOf(claim: unknown): readonly NhsNumber[] | undefined {
  if (claim === undefined) return undefined;
  const numbers: unknown[] = Array.isArray(claim) ? claim : [claim];
  return numbers.flatMap(
    (number) => parseNhsNumber(textOf(number) ?? "", { allowRepeatedDigits: true }) ?? [],
  );
}

function toNationalRole(role: Record<string, unknown>): NationalRole {
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

/** SDS ids consist of digits. Another value in the audit token would be mistaken for an SDS id. */
function digits(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,20}$/.test(text) ? text : undefined;
}

function odsCodeOf(value: unknown): OdsCode | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : parseOdsCode(text);
}

/** Several given names are one text, separated by spaces (OpenID Connect Core, 5.1). */
function words(value: unknown): string[] {
  return textOf(value)?.split(/\s+/) ?? [];
}

function list(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null);
}
