import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** Where `npm run build` puts the console: beside this file, once it is compiled. */
export const CONSOLE_ASSETS = join(__dirname, "assets");

/** The page. The names of all other files contain a hash of the content. */
export const PAGE = "index.html";

/** A file of the console, in memory. */
export interface ConsoleFile {
  readonly contentType: string;
  readonly content: Buffer;
  /** Absent when the build made no compressed file. */
  readonly gzipped?: Buffer;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Reads the built console into memory, by file name. No request path is ever used as a file path. Empty when the console
 * has not been built.
 */
export function readConsoleAssets(folder: string): ReadonlyMap<string, ConsoleFile> {
  const names = listFiles(folder);
  const read = (name: string) => readFileSync(join(folder, name));
  const files = names.flatMap((name) => {
    const contentType = CONTENT_TYPES[extname(name)];
    if (contentType === undefined) return [];
    const gzipped = names.includes(`${name}.gz`) ? { gzipped: read(`${name}.gz`) } : {};
    return [[name, { contentType, content: read(name), ...gzipped }] as const];
  });
  return new Map(files);
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
