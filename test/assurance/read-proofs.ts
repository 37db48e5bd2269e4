import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readTests } from "./read-tests.js";

/** A test or a suite, with the ids that it proves. */
export interface Proof {
  /** Path below `test`, with slashes. */
  readonly file: string;
  readonly titles: readonly string[];
  readonly ids: readonly string[];
}

export interface Proofs {
  readonly proofs: readonly Proof[];
  /** Proof comments that are ignored: above no test, above a skipped test, or malformed. */
  readonly faults: readonly string[];
}

const MARK = /^\s*\/\/ Proves /;
/** A malformed proof comment, which its author would believe to be valid. */
const NEAR_MARK = /^\s*(\/\/|\/?\*+)\s*Proves:?\s/i;

/** The proofs of every source below a folder (`test`, except in tests of this function). */
export function readAllProofs(root: string): Proofs {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => readProofs(path, readFileSync(join(root, path), "utf8")));
  return { proofs: files.flatMap(({ proofs }) => proofs), faults: files.flatMap(({ faults }) => faults) };
}

/**
 * The proofs of one source: the ids between `// Proves` and the full stop at the end of a line, in the comment directly
 * above the call of a `test` or a `describe`.
 */
export function readProofs(file: string, text: string): Proofs {
  const lines = text.split("\n");
  if (!lines.some((line) => NEAR_MARK.test(line))) return { proofs: [], faults: [] };
  if (!/\.(test|e2e)\.ts$/.test(file))
    return { proofs: [], faults: [`${file}: jest runs no tests in this file`] };

  const used = new Set<number>();
  const faults: string[] = [];
  const proofs = readTests(text).flatMap(({ titles, line, skipped }): Proof[] => {
    const first = proofCommentAbove(lines, line);
    if (first === undefined) return [];
    used.add(first);
    if (skipped) faults.push(`${file}:${first + 1}: the test below this comment is skipped, or may be`);
    const ids = idsFrom(lines.slice(first, line));
    if (ids.length === 0)
      faults.push(`${file}:${first + 1}: the ids must end with a full stop at the end of a line`);
    return skipped ? [] : [{ file, titles, ids }];
  });
  lines.forEach((line, at) => {
    if (NEAR_MARK.test(line) && !used.has(at)) faults.push(`${file}:${at + 1}: the comment is above no test`);
  });
  return { proofs, faults };
}

/** The first line of the proof comment directly above a line. */
function proofCommentAbove(lines: readonly string[], line: number): number | undefined {
  for (let at = line - 1; at >= 0 && /^\s*\/\//.test(lines[at] ?? ""); at -= 1) {
    if (MARK.test(lines[at] ?? "")) return at;
  }
  return undefined;
}

function idsFrom(comment: readonly string[]): readonly string[] {
  const words = comment.map((line) => line.replace(/^\s*\/\/ (Proves )?/, "").trimEnd());
  const last = words.findIndex((line) => line.endsWith("."));
  if (last === -1) return [];
  return words
    .slice(0, last + 1)
    .join(" ")
    .replace(/\.$/, "")
    .split(/,\s*/);
}
