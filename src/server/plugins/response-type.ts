/** Media types in which the server library sends a GraphQL response. */
export const JSON_TYPE = "application/json; charset=utf-8";
export const GRAPHQL_TYPE = "application/graphql-response+json; charset=utf-8";

export type ResponseType = typeof JSON_TYPE | typeof GRAPHQL_TYPE;

interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * The media type of the response to a request with this `Accept` header (RFC 9110, section 12.5.1), as the server library
 * chooses it. Undefined when the client accepts neither.
 *
 * Without a header, and where the client has no preference, the type is `application/json`, because older clients send
 * none and understand no other.
 */
export function toResponseType(accept: string | undefined): ResponseType | undefined {
  if (accept === undefined || accept === "") return JSON_TYPE;
  const ranges = accept.split(",").flatMap(toRange);
  const [best] = ([JSON_TYPE, GRAPHQL_TYPE] as const)
    .flatMap((type) => toCandidate(type, ranges))
    .sort(
      (one, other) =>
        other.quality - one.quality || other.precision - one.precision || one.position - other.position,
    );
  return best?.type;
}

/** An empty list for a range that names other parameters than ours: it does not match what we send. */
function toRange(text: string): Range[] {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const qualityText = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  const others = parameters.filter((parameter) => !parameter.startsWith("q="));
  if (others.some((parameter) => !/^charset="?utf-8"?$/.test(parameter))) return [];
  return [{ type, quality: qualityText === undefined ? 1 : Number.parseFloat(qualityText) || 0 }];
}

/** The most precise range decides (RFC 9110, section 12.5.1); of several equal ones the one that is preferred most. */
function toCandidate(type: ResponseType, ranges: readonly Range[]) {
  const [essence = ""] = type.split(";");
  const [match] = ranges
    .map(({ type: range, quality }, position) => ({
      type,
      quality,
      position,
      precision: precisionOf(range, essence),
    }))
    .filter(({ precision }) => precision > 0)
    .sort((one, other) => other.precision - one.precision || other.quality - one.quality);
  return match === undefined || match.quality === 0 ? [] : [match];
}

function precisionOf(range: string, essence: string): number {
  if (range === essence) return 3;
  if (range === "application/*") return 2;
  return range === "*/*" ? 1 : 0;
}
