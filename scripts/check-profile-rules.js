/**
 * Runs the tests of the simulator rules at practices of a supplier profile, and fails unless the rules with a failing
 * test are exactly those that `docs/sandbox-rules.md` lists as the deviations of the profile.
 *
 *   node scripts/check-profile-rules.js demonstrator-like
 */
const { spawnSync } = require("node:child_process");
const { mkdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { ROOT } = require("./steps.js");

/** Tests of rules have titles such as "P-H3: ...". */
const RULE_TITLE = /^((?:P-[A-Z]|S-|PDS-|SDS-|VM-)\d+): /;

function main(profile) {
  const page = readFileSync(join(ROOT, "docs", "sandbox-rules.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([^`]+)` \| (\S+) \| /gm)]
    .filter(([, name]) => name === profile)
    .map(([, , id]) => id);
  const folder = join(ROOT, "var");
  mkdirSync(folder, { recursive: true });
  const results = join(folder, `profile-rules-${profile}.json`);
  const suites = [
    "appointments",
    "http",
    "organisation",
    "patients",
    "slots",
    "specification",
    "pds",
    "sds",
    "visitors",
  ];
  const run = spawnSync(
    "npx",
    [
      "jest",
      ...suites.map((name) => `test/sandbox/rules/${name}`),
      "--silent",
      "--json",
      `--outputFile=${results}`,
    ],
    { cwd: ROOT, env: { ...process.env, SANDBOX_PROFILE: profile }, stdio: "ignore" },
  );
  if (run.error) throw run.error;
  const { testResults } = JSON.parse(readFileSync(results, "utf8"));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests
    .filter(({ status }) => status === "failed")
    .map(({ title }) => RULE_TITLE.exec(title)?.[1] ?? title);
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const measured = new Set(failed);
  const unlisted = [...measured].filter((id) => !listed.includes(id));
  const kept = listed.filter((id) => !measured.has(id));
  process.stdout.write(
    `${profile}: ${tests.length} tests, deviations ${[...measured].sort().join(" ") || "none"}\n`,
  );
  if (unlisted.length > 0)
    process.stdout.write(`  not listed in docs/sandbox-rules.md: ${unlisted.join(", ")}\n`);
  if (kept.length > 0) process.stdout.write(`  listed, but kept: ${kept.join(", ")}\n`);
  for (const { name } of broken) process.stdout.write(`  did not run: ${name}\n`);
  return tests.length > 0 && unlisted.length + kept.length + broken.length === 0;
}

const [profile] = process.argv.slice(2);
if (profile === undefined) {
  process.stderr.write("usage: node scripts/check-profile-rules.js <profile>\n");
  process.exitCode = 2;
} else if (!main(profile)) process.exitCode = 1;
