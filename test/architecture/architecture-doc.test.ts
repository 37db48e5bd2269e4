import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSourceFiles } from "./source-files.js";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "architecture.md"), "utf8");
const imports = new Map(readSourceFiles().map((file) => [file.path, file.imports]));

/** The rows of the tables that follow a query or a command: a file, and a file that imports it. */
const tables = [...PAGE.matchAll(/<!-- path -->\n(.*?)<!-- \/path -->/gs)].map(([, table = ""]) =>
  [...table.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|/gm)].map(([, file = "", importer = ""]) => ({
    file,
    importer,
  })),
);

/** Directly, or through the index of the file's folder. */
function isImported({ file, importer }: { file: string; importer: string }): boolean {
  const direct = imports.get(importer) ?? [];
  const index = file.replace(/[^/]+$/, "index.ts");
  return direct.includes(file) || (direct.includes(index) && (imports.get(index) ?? []).includes(file));
}

test("docs/architecture.md follows a query and a booking", () => {
  expect(tables.map((rows) => rows.length > 10)).toEqual([true, true]);
});

test("every file in the tables of docs/architecture.md exists", () => {
  const named = tables.flat().flatMap(({ file, importer }) => [file, importer]);

  expect(named.filter((path) => !imports.has(path))).toEqual([]);
});

test("every import in the tables of docs/architecture.md exists", () => {
  expect(tables.flat().filter((row) => !isImported(row))).toEqual([]);
});

test("the rows of each table form a path: each importer is an earlier row or builds the parts", () => {
  const builders =
    /^(main|server\/\S+|graph\/schema|loaders\/(create-loaders|practice\.loader)|upstreams\/\w+\/index|commands\/command-coordinator)\.ts$/;
  const outside = tables.flatMap((rows) =>
    rows.filter(({ importer }, at) => {
      const isEarlier = rows.slice(0, at).some(({ file }) => file === importer);
      return !isEarlier && !builders.test(importer);
    }),
  );

  expect(outside).toEqual([]);
});

test("every path in docs/architecture.md exists", () => {
  const paths = [...PAGE.matchAll(/`((?:src|test)\/[\w./-]+\.\w+)`/g)].map(([, path = ""]) => path);

  expect(paths.length).toBeGreaterThan(3);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
