import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { MUTATIONS } from "./mutations.js";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "security.md"), "utf8");

interface Row {
  readonly item: string;
  readonly controls: readonly string[];
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  readonly mutations: readonly string[];
}

/** The rows of tables with the columns item, demand, control, test and mutation. */
const ROWS: readonly Row[] = PAGE.slice(
  PAGE.indexOf("\n## Evidence\n"),
  PAGE.indexOf("\n### Mutation score\n"),
)
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (---|Item|Threat)/.test(line))
  .map((line) => line.slice(2, -2).split(" | "))
  .filter((cells) => cells.length === 5)
  .map(([item = "", _what, controls = "", tests = "", mutations = ""]) => ({
    item,
    controls: [...controls.matchAll(/`(src\/[^`]+)`/g)].map(([, file = ""]) => file),
    tests: tests.split("<br>").map((test) => {
      const [, file = "", title = ""] = /^`(test\/[^`]+)`: (.+)$/.exec(test.trim()) ?? [];
      return { file, title };
    }),
    mutations: [...mutations.matchAll(/`([^`]+)`/g)].map(([, id = ""]) => id),
  }));

const read = (path: string) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : "");
const byId = new Map(MUTATIONS.map((mutation) => [mutation.id, mutation]));

test("docs/security.md has rows for the threat model, ASVS and the GraphQL cheat sheet", () => {
  expect(ROWS.length).toBeGreaterThan(90);
});

test("every control in docs/security.md is a source file", () => {
  const missing = ROWS.filter(
    ({ controls }) => controls.length === 0 || controls.some((file) => read(file) === ""),
  );

  expect(missing.map(({ item, controls }) => [item, controls])).toEqual([]);
});

test("every test in docs/security.md exists under its title", () => {
  const missing = ROWS.flatMap(({ item, tests }) =>
    tests.filter(({ file, title }) => title === "" || !read(file).includes(title)).map((one) => [item, one]),
  );

  expect(missing).toEqual([]);
});

test("every mutation in docs/security.md takes a control of its row away, and a suite of its row finds it", () => {
  const suites = ({ tests }: Row) =>
    tests.map(({ file }) => file.replace(/intent-store-suite/, "intent-store-sqlite.test"));
  const wrong = ROWS.flatMap((row) =>
    row.mutations
      .filter((id) => {
        const mutation = byId.get(id);
        return (
          mutation === undefined ||
          !row.controls.includes(`src/${mutation.file}`) ||
          !suites(row).includes(`test/${mutation.suite}`)
        );
      })
      .map((id) => [row.item, id, byId.get(id)?.file, byId.get(id)?.suite]),
  );

  expect(wrong).toEqual([]);
});

test("every mutation is named in docs/security.md", () => {
  const named = new Set(ROWS.flatMap(({ mutations }) => mutations));

  expect(MUTATIONS.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
});

describe("the list of mutations", () => {
  test("has each id once", () => {
    expect(byId.size).toBe(MUTATIONS.length);
  });

  test.each(MUTATIONS)("$id changes text that occurs once, and names a suite that exists", (mutation) => {
    const { file, source, replacement, suite } = mutation;

    expect(read(`src/${file}`).split(source)).toHaveLength(2);
    expect(replacement).not.toBe(source);
    expect(read(`test/${suite}`)).not.toBe("");
  });
});
