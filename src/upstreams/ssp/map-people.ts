import type { CodedValue } from "../../domain/coded-value.js";
import type { HumanName, Period } from "../../domain/patient.js";
import { covers } from "../../domain/period.js";
import { currentName } from "../../domain/person-name.js";
import type { Practitioner } from "../../domain/slot.js";
import { expectText } from "./unusable-response.js";
import { EXTENSION, extensionValues, isRecord, type Json, records, text, texts } from "./wire.js";

/** The official name valid today, else the next in order of preference. */
export function toName(resource: Json, today: string): HumanName | undefined {
  return currentName(records(resource.name).map(toHumanName), today);
}

function toHumanName(name: Json): HumanName {
  const given = texts(name.given);
  return {
    use: text(name.use),
    // Some systems fill only the text. Showing it whole is better than showing no name.
    family: text(name.family) ?? (given.length === 0 ? text(name.text) : undefined),
    given,
    prefix: texts(name.prefix),
    suffix: texts(name.suffix),
    period: toPeriod(name.period),
  };
}

/** @throws UnusableResponse when there is no id. */
export function toPractitioner(resource: Json, today: string): Practitioner {
  return { id: expectText(resource.id), name: toName(resource, today), gender: text(resource.gender) };
}

/**
 * The roles of a schedule or an appointment, each once and in a fixed order, because the order of extensions means nothing.
 * The list of role codes is open.
 */
export function toPractitionerRoles(resource: Json): CodedValue[] {
  const roles = extensionValues(resource, EXTENSION.practitionerRole, "valueCodeableConcept")
    .filter(isRecord)
    .flatMap((concept) => toCodedValue(concept) ?? []);
  const byCode = new Map(roles.map((role) => [role.code ?? role.display ?? "", role]));
  return [...byCode.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, role]) => role);
}

/** The first coding with a code, else the text alone. */
function toCodedValue(concept: Json): CodedValue | undefined {
  const coding = records(concept.coding).find(({ code }) => text(code) !== undefined);
  if (coding) return { system: text(coding.system), code: text(coding.code), display: text(coding.display) };
  const display = text(concept.text);
  return display === undefined ? undefined : { display };
}

/** What to show for a concept: its text, else the display or the code of a coding. The first of a list that has any. */
export function toLabel(concepts: unknown): string | undefined {
  for (const concept of records(concepts)) {
    const codings = records(concept.coding);
    const label =
      text(concept.text) ??
      codings.flatMap(({ display }) => text(display) ?? [])[0] ??
      codings.flatMap(({ code }) => text(code) ?? [])[0];
    if (label !== undefined) return label;
  }
  return undefined;
}

/** The bounds as sent, or undefined when there are none. */
export function toPeriod(value: unknown): Period | undefined {
  const period = isRecord(value) ? value : undefined;
  const [start, end] = [text(period?.start), text(period?.end)];
  return start === undefined && end === undefined ? undefined : { start, end };
}

/** A telephone number, one for work first. With a London date, only one that is valid then. */
export function toPhone(resource: Json, today?: string): string | undefined {
  const phones = records(resource.telecom).filter(({ system }) => system === "phone");
  return inOrderOfUse(phones, today).flatMap(({ value }) => text(value) ?? [])[0];
}

export interface PostalLines {
  readonly addressLines: readonly string[];
  readonly postalCode: string | undefined;
}

/**
 * An address valid today, one for work first, as lines to print: street lines, then town and county where they are separate
 * elements.
 */
export function toAddressLines(resource: Json, today: string): PostalLines {
  const address = inOrderOfUse(records(resource.address), today)[0] ?? {};
  return {
    addressLines: [...texts(address.line), ...texts(address.city), ...texts(address.district)],
    postalCode: text(address.postalCode),
  };
}

function inOrderOfUse(elements: readonly Json[], today: string | undefined): Json[] {
  const valid = elements.filter(
    ({ use, period }) => use !== "old" && (today === undefined || covers(toPeriod(period), today)),
  );
  return [...valid.filter(({ use }) => use === "work"), ...valid.filter(({ use }) => use !== "work")];
}
