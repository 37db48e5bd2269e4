import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of the repository, from the source as well as from the build of the benchmarks, which lies deeper. */
export const ROOT = findRoot(__dirname);

/** Where reports and whatever else a run writes go; not kept by git. */
export function outputFolder(): string {
  const folder = join(ROOT, "var", "bench");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The text of a documented operation, such as `03-card`. */
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
