import { GraphQLError, GraphQLScalarType, Kind } from "graphql";
import { BadUserInputError } from "../../platform/errors.js";

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Times from practices pass through letter by letter, wall time and offset included: they are never shifted to UTC. */
export const DateTime = textScalar(
  "DateTime",
  "An instant as RFC 3339 text with an offset, for example `2026-07-01T15:00:00+01:00`. Times that come from a practice are given exactly as the practice wrote them: UK local time with its offset.",
  "https://scalars.graphql.org/andimarek/date-time.html",
  (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
);

export const DateOnly = textScalar(
  "Date",
  "A calendar date, `2026-07-01`, in the United Kingdom.",
  "https://scalars.graphql.org/andimarek/local-date.html",
  isCalendarDate,
);

function isCalendarDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // 31 February would roll over into March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function textScalar(
  name: string,
  description: string,
  specifiedByURL: string,
  accepts: (text: string) => boolean,
) {
  const read = (value: unknown): string => {
    if (typeof value === "string" && accepts(value)) return value;
    throw new GraphQLError(`${name} must be written like the example in its description`);
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    specifiedByURL,
    serialize: (value) => String(value),
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** An instant argument in milliseconds since the epoch. */
export function toEpoch(text: string, field: string): number {
  const epoch = Date.parse(text);
  if (Number.isNaN(epoch)) throw new BadUserInputError(field, `${field} is not a date and time.`);
  return epoch;
}
