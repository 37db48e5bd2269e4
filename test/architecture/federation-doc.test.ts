import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const PAGE = read("docs/federation.md");

test("docs/federation.md names the versions of the gateways and composition libraries that its suites use", () => {
  const versions = Object.assign(
    {},
    ...["package.json", "test/federation/package.json"].map((path) => {
      const { dependencies, devDependencies } = JSON.parse(read(path));
      return { ...dependencies, ...devDependencies };
    }),
  ) as Record<string, string>;
  const named = [...PAGE.matchAll(/`(@[\w-]+\/[\w-]+)`\)? (\d+\.\d+\.\d+)/g)];

  expect(named.length).toBeGreaterThan(3);
  for (const [, name = "", version] of named) expect([name, versions[name]]).toEqual([name, version]);
});

test("docs/federation.md counts the compatibility checks that its suite has", () => {
  const row = /^\| (`_service`.*) \| passed \((\d+)\) \|$/m.exec(PAGE);
  const listed = [...(row?.[1] ?? "").matchAll(/`([@_]\w+)`/g)].map(([, name = ""]) => name);
  const suite = read("test/federation/compatibility.e2e.ts");

  expect(listed).toHaveLength(11);
  for (const name of listed) expect(suite).toMatch(new RegExp(`"[^"]*${name}\\b`));
});

test("docs/federation.md names files that exist", () => {
  const files = [...PAGE.matchAll(/`((?:test|examples|src)\/[^`*]+)`/g)].map(([, file = ""]) => file);

  expect(files.length).toBeGreaterThan(1);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
