import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The root of the repository, found from the source and from the compiled benchmarks. */
export const ROOT = findRoot(__dirname);

/** The folder for the reports and the other files of a run. Git ignores it. */
export function outputFolder(): string {
  const folder = join(ROOT, "var", "bench");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The text of an example operation, such as `03-card`. */
export function operation(name: string): string {
  return readFileSync(join(ROOT, "test", "operations", `${name}.graphql`), "utf8");
}

function findRoot(start: string): string {
  let folder = start;
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${start}`);
    folder = parent;
  }
  return folder;
}
