import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The pages for browsers, built into a folder of their own. */
export interface BuiltPages {
  /** Stands for `dist`. */
  readonly folder: string;
  remove(): void;
}

/** Builds the explorer and the sandbox's console. Takes a second or two. */
export function buildPages(): BuiltPages {
  const folder = mkdtempSync(join(tmpdir(), "pages-"));
  execFileSync(process.execPath, ["scripts/build-pages.js", folder]);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
