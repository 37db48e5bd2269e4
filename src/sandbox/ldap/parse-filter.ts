import {
  AndFilter,
  ApproximateFilter,
  type BerReader,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
} from "ldapts";
import { MalformedMessage, required } from "./malformed-message.js";

const TAG = {
  and: 0xa0,
  or: 0xa1,
  not: 0xa2,
  equality: 0xa3,
  substrings: 0xa4,
  greaterOrEqual: 0xa5,
  lessOrEqual: 0xa6,
  present: 0x87,
  approximate: 0xa8,
  extensible: 0xa9,
} as const;

/**
 * Parses the filter of a search (RFC 4511, section 4.5.1). The codec library has a parser of its own, but that misreads
 * presence filters, and refuses the attributes of a DN in an extensible match.
 *
 * @throws MalformedMessage
 */
export function parseFilter(reader: BerReader): Filter {
  const tag = required(reader.peek());
  if (tag === TAG.present) return new PresenceFilter({ attribute: required(reader.readString(tag)) });
  required(reader.readSequence());
  const end = reader.offset + reader.length;
  const filter = parseParts(reader, tag, end);
  if (reader.offset !== end) throw new MalformedMessage("the filter has another length");
  return filter;
}

function parseParts(reader: BerReader, tag: number, end: number): Filter {
  if (tag === TAG.and) return new AndFilter({ filters: parseSet(reader, end) });
  if (tag === TAG.or) return new OrFilter({ filters: parseSet(reader, end) });
  if (tag === TAG.not) return new NotFilter({ filter: parseFilter(reader) });
  if (tag === TAG.extensible) return parseExtensible(reader, end);
  const attribute = required(reader.readString());
  if (tag === TAG.substrings) return parseSubstrings(reader, attribute);
  const options = { attribute, value: required(reader.readString()) };
  if (tag === TAG.equality) return new EqualityFilter(options);
  if (tag === TAG.approximate) return new ApproximateFilter(options);
  if (tag === TAG.greaterOrEqual) return new GreaterThanEqualsFilter(options);
  if (tag === TAG.lessOrEqual) return new LessThanEqualsFilter(options);
  throw new MalformedMessage("the filter is not known");
}

function parseSet(reader: BerReader, end: number): Filter[] {
  const filters: Filter[] = [];
  while (reader.offset < end) filters.push(parseFilter(reader));
  return filters;
}

function parseSubstrings(reader: BerReader, attribute: string): Filter {
  required(reader.readSequence(0x30));
  const end = reader.offset + reader.length;
  const filter = new SubstringFilter({ attribute });
  while (reader.offset < end) {
    const tag = required(reader.peek());
    const value = required(reader.readString(tag));
    if (tag === 0x80) filter.initial = value;
    else if (tag === 0x81) filter.any.push(value);
    else filter.final = value;
  }
  return filter;
}

function parseExtensible(reader: BerReader, end: number): Filter {
  const filter = new ExtensibleFilter();
  while (reader.offset < end) {
    const tag = required(reader.peek());
    const value = required(reader.readString(tag));
    if (tag === 0x81) filter.rule = value;
    else if (tag === 0x82) filter.matchType = value;
    else if (tag === 0x83) filter.value = value;
    else filter.dnAttributes = value !== "\0";
  }
  return filter;
}
