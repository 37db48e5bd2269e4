import type { StoreKeys } from "../store/index.js";
import { lineHash } from "./audit-file.js";
import { parseAuditLine } from "./read-lines.js";
import type { AuditFault } from "./verify-audit.js";

/** Checks the hash chain of each writer in a file of audit lines. A cut-off end of the file cannot be seen in it. */
export function verifyAuditLines(text: string, keys: Pick<StoreKeys, "chainKey">): AuditFault[] {
  const ends = new Map<string, { readonly sequence: number; readonly hash: string }>();
  const faults: AuditFault[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    if (raw === "") continue;
    const line = parseAuditLine(raw);
    if (line === undefined) {
      faults.push({
        kind: "altered",
        writer: "",
        from: index + 1,
        to: index + 1,
        words: `line ${index + 1} of the file is no audit line`,
      });
      continue;
    }
    const { hash, ...rest } = line;
    const { writer, sequence } = line;
    const last = ends.get(writer) ?? { sequence: 0, hash: "" };
    ends.set(writer, { sequence, hash });
    if (sequence !== last.sequence + 1) {
      const kind = sequence <= last.sequence ? "reordered" : "removed";
      faults.push({
        kind,
        writer,
        from: last.sequence + 1,
        to: sequence - 1,
        words: `line ${index + 1} of writer ${writer}: ${kind}`,
      });
    } else if (lineHash(keys.chainKey, last.hash, rest) !== hash) {
      faults.push({
        kind: "altered",
        writer,
        from: sequence,
        to: sequence,
        words: `line ${index + 1} of writer ${writer}: altered`,
      });
    }
  }
  return faults;
}
