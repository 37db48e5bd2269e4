/**
 * Installs the packages of the Python example into var/python, a virtual environment of its own.
 *
 *   npm run examples:python
 */
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const { ROOT } = require("./steps.js");

const ENVIRONMENT = join(ROOT, "var/python");

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  return status === 0;
}

const installed =
  run("python3", ["-m", "venv", ENVIRONMENT]) &&
  run(join(ENVIRONMENT, "bin/pip"), [
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--requirement",
    "examples/python/requirements.txt",
  ]);
process.exitCode = installed ? 0 : 1;
