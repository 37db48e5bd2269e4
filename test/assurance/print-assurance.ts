import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { readAllProofs } from "./read-proofs.js";
import { HAZARDS, SECTIONS } from "./register.js";
import { renderPage } from "./render.js";
import { trace } from "./trace.js";

/** Writes `docs/assurance.md` from the register and the tests. With `--check` it only checks that the page is current. */
function main(): void {
  const path = resolve("docs", "assurance.md");
  const traced = trace(SECTIONS, HAZARDS, readAllProofs(resolve("test")));
  const page = renderPage(traced);
  const check = process.argv.includes("--check");
  for (const fault of traced.faults) process.stderr.write(`${fault}\n`);
  if (traced.faults.length > 0) process.exitCode = 1;
  if (!check) writeFileSync(path, page);
  else if (readFileSync(path, "utf8") !== page) {
    process.stderr.write("docs/assurance.md is stale: run npm run assurance:print\n");
    process.exitCode = 1;
  }
}

main();
