/**
 * Measures with Stryker which share of small changes the tests of each area notice, prints a table, and names what
 * survived. Each area is one run; its report stays in var/mutation. Ends with 1 when an area is below 85 %.
 *
 *   npm run verify:long -- mutation-score
 *   node scripts/mutation-score.js ids gates
 *   node scripts/mutation-score.js --report     the table of the reports that are there, without a run
 */
const { spawnSync } = require("node:child_process");
const { existsSync, readFileSync } = require("node:fs");
const { join, resolve } = require("node:path");

const ROOT = resolve(__dirname, "..");
const LOWEST = 85;

/** Mutants by state, and a line for each that no test noticed. */
function readReport(area) {
  const path = join(ROOT, "var", "mutation", `${area}.json`);
  if (!existsSync(path)) return undefined;
  const counts = { found: 0, survived: 0, ignored: 0 };
  const lines = [];
  for (const [file, { source, mutants }] of Object.entries(JSON.parse(readFileSync(path, "utf8")).files)) {
    const text = source.split("\n");
    for (const { status, location, mutatorName, replacement = "" } of mutants) {
      if (status === "Killed" || status === "Timeout") counts.found += 1;
      else if (status === "Survived" || status === "NoCoverage") {
        counts.survived += 1;
        const line = text[location.start.line - 1]?.trim() ?? "";
        lines.push(
          `${file}:${location.start.line} ${mutatorName}: ${line} => ${replacement.replace(/\s+/g, " ")}`,
        );
      } else counts.ignored += 1;
    }
  }
  return { ...counts, lines, score: (100 * counts.found) / (counts.found + counts.survived) };
}

function measure(area) {
  const args = ["stryker", "run", "test/mutation/stryker.config.mjs"];
  spawnSync("npx", args, { cwd: ROOT, env: { ...process.env, MUTATION_AREA: area }, stdio: "inherit" });
}

async function main(words) {
  const { AREAS } = await import("../test/mutation/areas.mjs");
  const chosen = words.filter((word) => word !== "--report");
  const areas = chosen.length > 0 ? chosen : Object.keys(AREAS);
  if (!words.includes("--report")) areas.forEach(measure);
  let passed = true;
  for (const area of areas) {
    const report = readReport(area);
    if (report === undefined) {
      process.stdout.write(`${area.padEnd(14)} no report\n`);
      passed = false;
      continue;
    }
    const { found, survived, ignored, score, lines } = report;
    process.stdout.write(
      `${area.padEnd(14)} ${score.toFixed(1)} % (${found} found, ${survived} survived, ${ignored} ignored)\n`,
    );
    for (const line of lines) process.stdout.write(`    ${line}\n`);
    if (score < LOWEST) passed = false;
  }
  return passed;
}

main(process.argv.slice(2)).then((passed) => {
  process.exitCode = passed ? 0 : 1;
});
