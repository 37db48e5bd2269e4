import type { ChargeableStatus } from "../../domain/chargeable-status.js";
import type { CodedValue } from "../../domain/coded-value.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { Issue, WireCoding, WireConcept, WireObservation } from "./wire.js";

/**
 * Distinguishes an OperationOutcome that reports a failure from one that reports no record. Both may have status 200
 * and the same form (V&M notes, section 5.2 and trap 2). An issue without a severity counts as a failure.
 *
 * @returns the issue that failed the request, or undefined when there is no record.
 */
export function failingIssue(issues: readonly Issue[]): Issue | undefined {
  return issues.find(
    ({ severity, code }) =>
      code !== "NO_RECORD_FOUND" && severity !== "warning" && severity !== "information",
  );
}

/** The status in an Observation, or why the Observation is unusable. */
export type StatusReading =
  | { readonly kind: "status"; readonly status: ChargeableStatus }
  | {
      readonly kind: "unusable";
      readonly reason: "WRONG_RESOURCE" | "WRONG_PATIENT" | "WITHDRAWN_OBSERVATION" | "AMBIGUOUS_COMPONENT";
    };

/**
 * Status and category as sent, unknown codes included. A missing one stays missing; neither is derived from the other
 * (V&M notes, sections 5.1 and 6.2).
 */
export function toChargeableStatus(observation: WireObservation, requested: NhsNumber): StatusReading {
  const kinds = observation.code?.coding ?? [];
  if (kinds.length > 0 && !kinds.some(isStatusObservation)) return unusable("WRONG_RESOURCE");
  if (!isAbout(observation, requested)) return unusable("WRONG_PATIENT");
  if (observation.status === "entered-in-error" || observation.status === "cancelled") {
    return unusable("WITHDRAWN_OBSERVATION");
  }
  const statuses = componentValues(observation, "BASIC_CHARGEABLE_STATUS", STATUS_CODES);
  const categories = componentValues(observation, "CATEGORY_CHARGEABLE_STATUS", CATEGORY_CODES);
  if (statuses.length > 1 || categories.length > 1) return unusable("AMBIGUOUS_COMPONENT");
  return {
    kind: "status",
    status: {
      recorded: true,
      status: statuses[0],
      category: categories[0],
      effectiveAt: toDateTime(observation.effectiveDateTime),
    },
  };
}

/** `subject` may be absent. When it is present, it must be the requested patient. */
function isAbout({ subject }: WireObservation, requested: NhsNumber): boolean {
  const reference = subject?.reference;
  return !reference || /(?:^|\/)Patient\/(\d{10})$/.exec(reference)?.[1] === requested;
}

/** Code systems of the status and the category (V&M notes, sections 6.1 and 6.2). */
const STATUS_CODES = "https://fhir.nhs.uk/spine-chargeable-status-1";
const CATEGORY_CODES = "https://fhir.nhs.uk/spine-category-status-1";
const OBSERVATION_CODES = "https://fhir.nhs.uk/fhir-observation-code-1";

function isStatusObservation({ system, code }: WireCoding): boolean {
  return code === "0001" && (!system || system === OBSERVATION_CODES);
}

function componentValues({ component }: WireObservation, kind: string, system: string): CodedValue[] {
  return component
    .filter(({ code }) => code?.coding.some((coding) => coding.code === kind))
    .flatMap(({ valueCodeableConcept }) => toCodedValues(valueCodeableConcept, system));
}

/**
 * The codings in V&M's own code system, wherever they stand. Without any: those without a system, else all as sent. Each
 * code once.
 */
function toCodedValues(concept: WireConcept, system: string): CodedValue[] {
  const codings = concept?.coding ?? [];
  const own = codings.filter((coding) => coding.system === system);
  const bare = codings.filter((coding) => !coding.system);
  const chosen = [own, bare].find((some) => some.length > 0) ?? codings;
  const values = chosen.map((coding) => ({
    system: coding.system ?? undefined,
    code: coding.code ?? undefined,
    display: coding.display ?? undefined,
  }));
  return [...new Map(values.map((value) => [`${value.system} ${value.code}`, value])).values()];
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** The instant as sent. FHIR allows a date or a year here, which is not an instant and is left out. */
function toDateTime(text: string | null | undefined): string | undefined {
  return text && DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

function unusable(reason: Extract<StatusReading, { kind: "unusable" }>["reason"]): StatusReading {
  return { kind: "unusable", reason };
}
