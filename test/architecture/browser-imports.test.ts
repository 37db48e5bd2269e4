import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { SRC } from "./source-files.js";

/** The browser code, and the folders that each part may import from. */
const ALLOWED = {
  "web-ui": ["web-ui"],
  explorer: ["explorer", "web-ui"],
  "sandbox-console": ["sandbox-console", "web-ui"],
};

describe.each(Object.entries(ALLOWED))("browser code in src/%s", (folder, allowed) => {
  const imports = readdirSync(join(SRC, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(ts|tsx|css)$/.test(path))
    .flatMap((path) => localImports(join(SRC, folder, path)));

  test(`imports only from ${allowed.join(" and ")}`, () => {
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter(({ to }) => !allowed.includes(to.split("/")[0] ?? ""))).toEqual([]);
  });
});

function localImports(file: string): { from: string; to: string }[] {
  return [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(
    ([, target = ""]) => ({
      from: relative(SRC, file),
      to: relative(SRC, resolve(dirname(file), target)).replaceAll("\\", "/"),
    }),
  );
}
