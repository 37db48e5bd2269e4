import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const PAGE = read("docs/clients.md");

/** The rows of the page's table of tools. */
const TOOLS = [
  ...((PAGE.split("<!-- tools:")[1] ?? "")
    .split("\n## ")[0]
    ?.matchAll(/^\| (\S+) \| (\d\S*) \|.*\| (\S+) \|$/gm) ?? []),
].map(([, name = "", version = "", proof = ""]) => ({ name, version, proof }));

/** The version of each package that the suites use. */
function installedVersions(): Record<string, string> {
  const packages = ["package.json", "test/clients/package.json"].map((path) => JSON.parse(read(path)));
  const python = [...read("examples/python/requirements.txt").matchAll(/^(\S+)==(\S+)$/gm)];
  const java = [
    ...read("test/clients/java/pom.xml").matchAll(
      /<artifactId>(.+)<\/artifactId>\s*<version>(.+)<\/version>/g,
    ),
  ];
  return {
    ...Object.assign(
      {},
      ...packages.flatMap(({ dependencies, devDependencies }) => [dependencies, devDependencies]),
    ),
    ...Object.fromEntries([...python, ...java].map(([, name, version]) => [name, version])),
  };
}

test("docs/clients.md names every client tool that a suite uses", () => {
  const { dependencies } = JSON.parse(read("test/clients/package.json")) as { dependencies: object };
  // Parts of the others: a linter's host, a peer dependency, and the accessibility checker of the example.
  const parts = ["axe-core", "eslint", "rxjs"];

  const names = TOOLS.map(({ name }) => name);

  expect(names).toEqual(
    expect.arrayContaining(Object.keys(dependencies).filter((name) => !parts.includes(name))),
  );
  expect(names).toContain("gql");
});

test("docs/clients.md gives each tool the version that its suite uses, and a proof that exists", () => {
  const versions = installedVersions();

  expect(TOOLS.filter(({ name, version }) => versions[name] !== version)).toEqual([]);
  expect(TOOLS.filter(({ proof }) => !existsSync(join(ROOT, proof)))).toEqual([]);
});

test("docs/clients.md gives the cache policies that the suite runs with", () => {
  const policies = PAGE.match(/```js\n(.+?)```/s)?.[1] ?? "nothing";

  expect(read("test/clients/caches.mjs")).toContain(policies);
});

test("docs/clients.md lists every example", () => {
  const listed = [...PAGE.matchAll(/\(\.\.\/examples\/([^/]+)\/README\.md\)/g)].map(([, name]) => name);
  const folders = readdirSync(join(ROOT, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  expect(listed.sort()).toEqual(folders.sort());
});
