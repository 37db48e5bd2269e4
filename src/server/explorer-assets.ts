import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** A file of the explorer in memory. */
export interface ExplorerFile {
  readonly type: string;
  readonly content: Buffer;
  readonly gzipped: Buffer | undefined;
}

export interface ExplorerAssets {
  /** The page, with the placeholders `%NONCE%` and `<!--CONFIG-->`. */
  readonly page: string;
  readonly files: ReadonlyMap<string, ExplorerFile>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Reads the built explorer into memory, so that no request path is ever used as a file path. Undefined when the explorer
 * has not been built.
 */
export function loadExplorerAssets(directory: string): ExplorerAssets | undefined {
  const page = join(directory, "index.html");
  if (!existsSync(page)) return undefined;
  const files = new Map<string, ExplorerFile>();
  for (const name of readdirSync(directory)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const path = join(directory, name);
    files.set(name, {
      type,
      content: readFileSync(path),
      gzipped: existsSync(`${path}.gz`) ? readFileSync(`${path}.gz`) : undefined,
    });
  }
  return { page: readFileSync(page, "utf8"), files };
}
