import { readSourceFiles } from "../architecture/source-files.js";

/** The sandbox is not part of live mode, and its patterns are its own constants. */
const files = readSourceFiles().filter(({ path }) => !path.startsWith("sandbox/"));

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, "");

/** Each with the files that may have it, and why. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp, allowed: readonly string[]])[] = [
  ["text that is run as code", /[=(,:]\s*eval\(|new Function\(|from "(node:)?vm"/, []],
  ["another process", /from "(node:)?child_process"/, []],
  // The migrations are constants.
  ["SQL from text", /\bsql\.(raw|lit)\b/, ["platform/store/migrate.ts"]],
  ["a pattern from text", /new RegExp\(/, []],
  ["an object's prototype", /\.__proto__\b|\["__proto__"\]|setPrototypeOf/, []],
  // Both spread waiting times.
  [
    "random numbers that can be guessed",
    /Math\.random\(/,
    ["platform/resilience/retry.ts", "platform/store/sqlite-dialect.ts"],
  ],
  ["a hash that is broken", /createH(ash|mac)\("(md5|sha1)"/i, []],
];

test.each(FORBIDDEN)("no source file uses %s", (_what, pattern, allowed) => {
  const found = files.filter(({ text }) => pattern.test(withoutComments(text))).map(({ path }) => path);

  expect(found.filter((path) => !allowed.includes(path))).toEqual([]);
});

test.each([
  ["const run = eval('1')", 0],
  ['import { exec } from "node:child_process";', 1],
  ["sql.raw(name)", 2],
  ["new RegExp(text)", 3],
  ["value.__proto__ = {}", 4],
  ["Math.random()", 5],
  ['createHash("md5")', 6],
])("it would be found: %s", (text, at) => {
  expect(FORBIDDEN[at]?.[1].test(text)).toBe(true);
});
