import type { CodedValue } from "../../domain/coded-value.js";
import type { HumanName, Period } from "../../domain/patient.js";
import type { Practitioner } from "../../domain/slot.js";
import { expectText } from "./unusable-response.js";
import { EXTENSION, extensionValue, firstRecord, isRecord, type Json, records, text, texts } from "./wire.js";

/** The official name, else the first one. The profile demands exactly one official name, in any position. */
export function toName(resource: Json): HumanName | undefined {
  const names = records(resource.name);
  const name = names.find(({ use }) => use === "official") ?? names[0];
  if (!name) return undefined;
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
export function toPractitioner(resource: Json): Practitioner {
  return { id: expectText(resource.id), name: toName(resource), gender: text(resource.gender) };
}

/** The first role with a code, of a schedule or an appointment. The list of roles is open. */
export function toPractitionerRole(resource: Json): CodedValue | undefined {
  const role = extensionValue(resource, EXTENSION.practitionerRole, "valueCodeableConcept");
  if (!isRecord(role)) return undefined;
  const coding = records(role.coding).find(({ code }) => text(code) !== undefined);
  if (coding) return { system: text(coding.system), code: text(coding.code), display: text(coding.display) };
  const display = text(role.text);
  return display === undefined ? undefined : { display };
}

/** The bounds as sent, or undefined when there are none. */
export function toPeriod(value: unknown): Period | undefined {
  const period = isRecord(value) ? value : undefined;
  const [start, end] = [text(period?.start), text(period?.end)];
  return start === undefined && end === undefined ? undefined : { start, end };
}

/** The first telephone number. */
export function toPhone(resource: Json): string | undefined {
  return records(resource.telecom)
    .filter(({ system }) => system === "phone")
    .flatMap(({ value }) => text(value) ?? [])[0];
}

export interface PostalLines {
  readonly addressLines: readonly string[];
  readonly postalCode: string | undefined;
}

/** The first address as lines to print: street lines, then town and county where they are separate elements. */
export function toAddressLines(resource: Json): PostalLines {
  const address = firstRecord(resource.address) ?? {};
  return {
    addressLines: [...texts(address.line), ...texts(address.city), ...texts(address.district)],
    postalCode: text(address.postalCode),
  };
}
