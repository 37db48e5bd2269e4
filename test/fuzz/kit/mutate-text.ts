import type { Random } from "./random.js";
import { OTHER_NUMBERS, weirdText } from "./weird-values.js";

/** Changes a document as a broken wire or a gateway would. */
export function mutateText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + random.below(40));
  const changes: readonly (() => string)[] = [
    () => text.slice(0, at),
    () => text.slice(at),
    () => `${text.slice(0, at)}${text.slice(to)}`,
    () => `${text.slice(0, at)}${weirdText(random)}${text.slice(at)}`,
    () => `${text.slice(0, at)}${random.pick(SIGNS)}${text.slice(at + 1)}`,
    () => `${text.slice(0, at)}${text.slice(at, to)}${text.slice(at)}`,
    () => `${text.slice(0, at)}${flipped(text, at, random)}${text.slice(at + 1)}`,
    () => text.replaceAll(/\d{10}/g, () => random.pick(OTHER_NUMBERS)),
    () => `\ufeff${text}`,
    () => `${text}${text}`,
    () => random.pick(WHOLE),
    () => `${"[".repeat(20_000)}${text}${"]".repeat(20_000)}`,
  ];
  return random.pick(changes)();
}

const SIGNS = ['"', "{", "}", "[", "]", ":", ",", "\\", "\u0000", "0", "e", "-", " ", "\\u0000", "\\ud800"];

/** Instead of the document. */
const WHOLE = [
  "",
  " ",
  "null",
  "true",
  "0",
  '"text"',
  "[]",
  "{}",
  "[null]",
  "<html><body><h1>502 Bad Gateway</h1></body></html>",
  '<?xml version="1.0"?><OperationOutcome xmlns="http://hl7.org/fhir"/>',
  '{"resourceType":"Bundle","entry":{}}',
  '{"resourceType":["Patient"]}',
  '{"__proto__":{"resourceType":"Patient","id":"9000000009"}}',
  "\u0000\u0001\u0002",
];

function flipped(text: string, at: number, random: Random): string {
  return String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(7)));
}
