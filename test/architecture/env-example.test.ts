import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readConfig, SETTING_NAMES } from "../../src/platform/config/config.js";

const LINES = readFileSync(resolve(__dirname, "../../.env.example"), "utf8").split("\n");

/** `#NAME=default`, and the line before it. */
const examples = LINES.flatMap((line, index) => {
  const [, name, value] = /^#([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [{ name, value, before: LINES[index - 1] ?? "" }];
});

test(".env.example names every setting, each once, and no other", () => {
  expect(examples.map(({ name }) => name).sort()).toEqual([...SETTING_NAMES].sort());
});

test.each(examples)("$name is explained in the line before it", ({ before }) => {
  expect(before).toMatch(/^# \S/);
});

test("the values in it are the defaults", () => {
  const environment = Object.fromEntries(examples.map(({ name, value }) => [name, value]));
  // Of its two defaults, that of the sandbox is shown; which of them applies shows in the organisation.
  const { CONSUMER_TYPE: _shown, ...shown } = readConfig(environment);
  const { CONSUMER_TYPE: _unset, ...unset } = readConfig({});
  expect(shown).toEqual(unset);
});

test("nothing in it is set, so that a copy of it changes nothing", () => {
  expect(LINES.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
});
