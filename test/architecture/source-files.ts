import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const SRC = resolve(__dirname, "..", "..", "src");

export interface SourceFile {
  /** Path below `src`, with slashes: `graph/slot/slot.type.ts`. */
  readonly path: string;
  readonly text: string;
  /** Paths below `src` of what it imports, types included. */
  readonly imports: readonly string[];
}

/** Every TypeScript file of the server. The browser code has its own test: `browser-imports.test.ts`. */
export function readSourceFiles(): SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !/^(explorer|sandbox-console|web-ui)\//.test(path))
    .sort()
    .map((path) => {
      const text = readFileSync(join(SRC, path), "utf8");
      return { path, text, imports: localImports(path, text) };
    });
}

function localImports(path: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, target = ""]) =>
    relative(SRC, resolve(SRC, dirname(path), target))
      .replaceAll("\\", "/")
      .replace(/\.js$/, ".ts"),
  );
}
