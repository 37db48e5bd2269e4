import { parseNhsNumber } from "../../domain/nhs-number.js";

/** The span of a caller, as its `traceparent` header names it. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** The caller records this trace. */
  readonly isSampled: boolean;
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NHS_NUMBER_LENGTH = 10;

/**
 * Reads a `traceparent` header.
 *
 * @returns undefined when there is none, when its form is wrong, or when an id could be an NHS number.
 * @see W3C Trace Context, section 3.2
 */
export function parseTraceParent(header: unknown): TraceParent | undefined {
  if (typeof header !== "string") return undefined;
  const [, version, traceId, spanId, flags, rest] = FORM.exec(header) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) {
    return undefined;
  }
  // Later versions may append fields; version 00 has none.
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  if (holdsNhsNumber(traceId) || holdsNhsNumber(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** True when an NHS number stands alone between letters, or is filled up with zeros. Random ids hardly ever match. */
function holdsNhsNumber(id: string): boolean {
  return (id.match(/\d{10,}/g) ?? []).some((digits) => {
    for (let start = 0; start + NHS_NUMBER_LENGTH <= digits.length; start += 1) {
      const end = start + NHS_NUMBER_LENGTH;
      const padding = digits.slice(0, start) + digits.slice(end);
      if (/^0*$/.test(padding) && parseNhsNumber(digits.slice(start, end)) !== undefined) return true;
    }
    return false;
  });
}
