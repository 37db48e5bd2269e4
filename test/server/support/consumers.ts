import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Two organisations, each with an ASID and a telephone of its own. */
export const TWO_ORGANISATIONS = [
  {
    odsCode: "T82000",
    name: "Riverside Booking Hub",
    asid: "200000000115",
    phone: "0300 000 0000",
    type: "gp-practice",
  },
  {
    odsCode: "T82001",
    name: "Hillside Urgent Care",
    asid: "200000000116",
    phone: "0300 000 0001",
    type: "urgent-care",
  },
];

/** A file in a folder of its own. */
export function writeTestFile(name: string, content: unknown): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-file-"));
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
