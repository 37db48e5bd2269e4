import { isBox, mutateStructure } from "./mutate-structure.js";
import { mutateText } from "./mutate-text.js";
import type { Random } from "./random.js";
import { DEEP_NESTS } from "./weird-values.js";

/** A response of a service. */
export interface StubResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const STATUSES = [200, 200, 201, 204, 299, 300, 304, 400, 401, 403, 404, 408, 409, 412, 422, 429] as const;
const MORE_STATUSES = [444, 500, 501, 502, 503, 504, 599, 100, 0, 999] as const;

/** Headers that the clients read, with values that they must not trust. */
const HEADERS: readonly (readonly [name: string, values: readonly string[]])[] = [
  [
    "retry-after",
    ["0", "5", "-1", "1e9", "999999999999", "Tue, 24 Nov 2026 09:00:00 GMT", "Xyz", "\u0000", ""],
  ],
  ["x-rate-limit-reset", ["0", "99999999999", "soon", "1.5"]],
  ["date", ["Tue, 24 Nov 2026 09:00:00 GMT", "never", ""]],
  ["etag", ['W/"7"', '"', 'W/""', "", '"a"b"', `"${"x".repeat(20_000)}"`, 'W/"9990000026"']],
  [
    "location",
    [
      "",
      "/",
      "Appointment/1",
      "/Appointment/../../x",
      "/Appointment/9990000026",
      "https://x/Appointment/7/_history/1",
    ],
  ],
  ["content-type", ["text/html", "application/xml", ""]],
];

/** One wrong document made from a right one: a few changes of structure, of text, of status and of headers. */
export function mutate(seed: StubResponse, random: Random): StubResponse {
  const isTextual = random.isLucky(0.15);
  let body = random.isLucky(0.9) ? changedBody(seed.body, random) : seed.body;
  if (isTextual) body = mutateText(body, random);
  const status = random.isLucky(0.15) ? random.pick([...STATUSES, ...MORE_STATUSES]) : seed.status;
  const headers: Record<string, string> = { ...seed.headers };
  if (random.isLucky(0.2)) {
    const [name, values] = random.pick(HEADERS);
    headers[name] = random.pick(values);
  }
  return { status, headers, body };
}

function changedBody(body: string, random: Random): string {
  const document = parse(body);
  if (!isBox(document)) return body;
  do mutateStructure(document, random);
  while (random.isLucky(0.5));
  return JSON.stringify(document).replaceAll(
    /"nest:[a-z]+"/g,
    (mark) => DEEP_NESTS[mark.slice(1, -1)] ?? mark,
  );
}

export function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
