import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parse, validate } from "graphql";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { SRC } from "./source-files.js";

const ROOT = resolve(__dirname, "..", "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
].sort();

describe.each(PAGES)("documentation page %s", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8");

  test("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name);

    expect(named.filter((name) => !Object.keys(scripts).includes(name ?? ""))).toEqual([]);
  });

  test("links only to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = ""]) => path);

    expect(links.filter((path) => !existsSync(join(ROOT, dirname(page), path)))).toEqual([]);
  });
});

test("the README's query and mutation are valid in the schema", async () => {
  const body = README.match(/ -d @- <<'END'\n(.*?)\nEND\n/s)?.[1] ?? "";
  // curl removes the line breaks of the input that it reads with `-d @-`, which makes the body valid JSON.
  const { query } = JSON.parse(body.replaceAll("\n", "")) as { query: string };
  const mutation = README.match(/```graphql\n(mutation .*?)\n```/s)?.[1] ?? "";
  const { schema } = await createSubgraphSchema();

  expect(validate(schema, parse(query))).toEqual([]);
  expect(validate(schema, parse(mutation))).toEqual([]);
});

test("the README's picture is a PNG of less than 300 kB", () => {
  const path = join(ROOT, README.match(/!\[[^\]]+\]\(([^)]+)\)/)?.[1] ?? "");

  expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");
  expect(statSync(path).size).toBeLessThan(300_000);
});

test("the README describes every folder of src", () => {
  const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(folders.filter(({ name }) => !README.includes(`\`${name}/\``)).map(({ name }) => name)).toEqual([]);
});

test("docs/decisions explains every npm override", () => {
  const text = readFileSync(join(ROOT, "docs/decisions/npm-overrides.md"), "utf8");
  const { overrides } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { overrides: object };

  expect(Object.keys(overrides).filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
});

test("every page in docs can be reached from the README", () => {
  const reachable = new Set<string>();
  const visit = (page: string): void => {
    if (reachable.has(page)) return;
    reachable.add(page);
    const text = readFileSync(join(ROOT, page), "utf8");
    for (const [, path = ""] of text.matchAll(/\]\((?!https?:|#)([^)#]+\.md)/g)) {
      const target = relative(ROOT, resolve(ROOT, dirname(page), path));
      if (existsSync(join(ROOT, target))) visit(target);
    }
  };
  visit("README.md");

  expect(PAGES.filter((page) => !reachable.has(page))).toEqual([]);
});
