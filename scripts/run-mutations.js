/**
 * Takes each control of test/security/mutations.ts away, one after the other, in a copy of the files, and expects the
 * named suite to fail. Prints a table. Ends with 1 when a suite passes without its control, or cannot run at all.
 *
 *   npm run verify:long -- mutations
 *   node scripts/run-mutations.js price-limit depth-limit
 */
const { execFileSync, spawnSync } = require("node:child_process");
const {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join, resolve } = require("node:path");
const { transformSync } = require("esbuild");

const ROOT = resolve(__dirname, "..");

/** @returns {readonly import("../test/security/mutations").Mutation[]} */
function readMutations() {
  const text = readFileSync(join(ROOT, "test/security/mutations.ts"), "utf8");
  const loaded = { exports: {} };
  new Function("module", "exports", transformSync(text, { loader: "ts", format: "cjs" }).code)(
    loaded,
    loaded.exports,
  );
  return loaded.exports.MUTATIONS;
}

/** The files of the working tree that git knows or would know, with the installed packages linked. */
function copyFiles() {
  const copy = mkdtempSync(join(tmpdir(), "spine-graph-mutations-"));
  const names = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
  });
  for (const name of names.toString().split("\0")) {
    if (name === "" || name.startsWith("node_modules") || !existsSync(join(ROOT, name))) continue;
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(join(ROOT, name), join(copy, name));
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** @returns {"passed" | "failed" | "broken"} broken: the suite could not run, so it says nothing about the control. */
function runSuite(copy, suite) {
  const report = join(copy, "report.json");
  rmSync(report, { force: true });
  // Jest itself and no launcher, so that the time-out ends the process that hangs.
  const args = [
    join(ROOT, "node_modules/jest/bin/jest.js"),
    "--runTestsByPath",
    join("test", suite),
    "--maxWorkers=1",
    "--silent",
    "--bail=1",
    "--reporters",
    "default",
    "--json",
    "--outputFile",
    report,
  ];
  spawnSync(process.execPath, args, { cwd: copy, stdio: "ignore", timeout: 180_000, killSignal: "SIGKILL" });
  // A suite that hangs without its control has noticed as well.
  if (!existsSync(report)) return "failed";
  const { numFailedTests, numPassedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  if (numFailedTests > 0) return "failed";
  return numRuntimeErrorTestSuites > 0 || numPassedTests === 0 ? "broken" : "passed";
}

function main(wanted) {
  const all = readMutations();
  const unknown = wanted.filter((id) => !all.some((mutation) => mutation.id === id));
  if (unknown.length > 0) throw new Error(`unknown mutations: ${unknown.join(", ")}`);
  const mutations = wanted.length > 0 ? all.filter(({ id }) => wanted.includes(id)) : all;
  const copy = copyFiles();
  const survivors = [];
  const say = (id, words) => process.stdout.write(`${id.padEnd(32)} ${words}\n`);
  try {
    for (const suite of new Set(mutations.map((mutation) => mutation.suite))) {
      const outcome = runSuite(copy, suite);
      if (outcome === "passed") continue;
      survivors.push(suite);
      say(suite, `${outcome.toUpperCase()} with every control in place`);
    }
    for (const { id, file, source, replacement, suite } of mutations) {
      const path = join(copy, "src", file);
      const text = readFileSync(path, "utf8");
      if (text.split(source).length !== 2)
        throw new Error(`${id}: its source is not in ${file} exactly once`);
      writeFileSync(
        path,
        text.replace(source, () => replacement),
      );
      const outcome = runSuite(copy, suite);
      writeFileSync(path, text);
      if (outcome !== "failed") survivors.push(id);
      say(
        id,
        outcome === "failed"
          ? `found by ${suite}`
          : `${outcome === "passed" ? "SURVIVES" : "BREAKS"} ${suite}`,
      );
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  process.stdout.write(`${mutations.length} controls taken away, ${survivors.length} not noticed\n`);
  return survivors.length === 0;
}

process.exitCode = main(process.argv.slice(2)) ? 0 : 1;
