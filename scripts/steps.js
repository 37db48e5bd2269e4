const { spawn } = require("node:child_process");
const { join } = require("node:path");

const ROOT = join(__dirname, "..");

/**
 * Runs named commands one after another in the repository, each with the terminal for itself, and prints a table of
 * what passed. A failed step does not stop the others, so that one run reports every fault.
 *
 * @param {{ name: string, command: string, args: string[], environment?: Record<string, string> }[]} steps
 * @returns {Promise<boolean>} whether every step passed
 */
async function runSteps(steps) {
  const results = [];
  for (const step of steps) {
    process.stderr.write(`\n== ${step.name}\n`);
    const startedAt = Date.now();
    const passed = await run(step);
    results.push({ name: step.name, passed, seconds: (Date.now() - startedAt) / 1000 });
  }
  const width = Math.max(...results.map(({ name }) => name.length));
  process.stderr.write("\n");
  for (const { name, passed, seconds } of results) {
    process.stderr.write(`${name.padEnd(width)}  ${passed ? "passed" : "FAILED"}  ${seconds.toFixed(1)} s\n`);
  }
  return results.every(({ passed }) => passed);
}

function run({ command, args, environment }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: "inherit",
    });
    child.once("error", (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(false);
    });
    child.once("close", (code) => resolve(code === 0));
  });
}

/** A step that runs a script of `package.json`, when the file has it. */
function npmStep(name) {
  const { scripts } = require("../package.json");
  return name in scripts ? [{ name, command: "npm", args: ["run", "--silent", name] }] : [];
}

module.exports = { ROOT, npmStep, runSteps };
