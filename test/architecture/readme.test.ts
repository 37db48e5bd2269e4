import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, validate } from "graphql";
import { createSubgraphSchema } from "../../src/graph/schema.js";

const ROOT = resolve(__dirname, "..", "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

test("every command that the README names exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
  const named = [...README.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);

  expect(named.filter((name) => !Object.keys(scripts).includes(name ?? ""))).toEqual([]);
});

test("every file that the README links to exists", () => {
  const links = [...README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = ""]) => path);

  expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("the README's first question is one that the graph understands", async () => {
  const typed = README.match(/ -d @- <<'END'\n(.*?)\nEND\n/s)?.[1] ?? "";
  // As curl sends what it reads with `@`: without line breaks, which a text in JSON may not hold.
  const { query } = JSON.parse(typed.replaceAll("\n", "")) as { query: string };
  const { schema } = await createSubgraphSchema();

  expect(validate(schema, parse(query))).toEqual([]);
});

test("the README's map names every folder of src", () => {
  for (const folder of [
    "server",
    "graph",
    "journeys",
    "loaders",
    "upstreams",
    "platform",
    "domain",
    "sandbox",
    "explorer",
  ]) {
    expect(README).toContain(`| \`${folder}/\` |`);
  }
});
