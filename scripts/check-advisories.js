/**
 * Compares the known vulnerabilities of production dependencies with the written exceptions, and ends with 1 for one
 * without an exception, and for an exception that has ended or is no longer needed.
 *
 *   npm run advisories
 */
const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const ROOT = join(__dirname, "..");
const EXCEPTIONS = ".github/advisory-exceptions.json";

/**
 * @param {object} report what `npm audit --json` prints
 * @param {{ id: string, reason: string, until: string }[]} exceptions `until`: the last day, `yyyy-mm-dd`
 * @param {string} today
 * @returns {string[]} one line for each fault
 */
function faultsOf(report, exceptions, today) {
  // A registry that does not respond is no clean report.
  if (typeof report.vulnerabilities !== "object" || report.vulnerabilities === null)
    return ["npm audit gave no report"];
  const found = new Map();
  for (const { via } of Object.values(report.vulnerabilities)) {
    // A text names another entry of the same report.
    for (const advisory of via.filter((one) => typeof one === "object")) {
      found.set(advisory.url.split("/").at(-1), `${advisory.name}: ${advisory.title} (${advisory.severity})`);
    }
  }
  const excepted = new Set(exceptions.map(({ id }) => id));
  const unexcepted = [...found].filter(([id]) => !excepted.has(id)).map(([id, text]) => `${id} ${text}`);
  const faulty = exceptions.flatMap(({ id, reason, until }) => {
    if (typeof reason !== "string" || reason.trim() === "") return [`${id}: the exception has no reason`];
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until ?? "")) return [`${id}: the exception has no last day`];
    if (until < today) return [`${id}: the exception ended on ${until}`];
    return found.has(id) ? [] : [`${id}: the exception is no longer needed`];
  });
  return [...unexcepted, ...faulty];
}

function main() {
  const exceptions = JSON.parse(readFileSync(join(ROOT, EXCEPTIONS), "utf8"));
  const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { cwd: ROOT, encoding: "utf8" });
  let report = {};
  try {
    report = JSON.parse(stdout);
  } catch {
    // Reported below.
  }
  const faults = faultsOf(report, exceptions, new Date().toISOString().slice(0, 10));
  if (faults.length === 0)
    process.stdout.write(`no advisory beyond ${exceptions.length} written exceptions\n`);
  else
    process.stderr.write(
      `${faults.join("\n")}\nWrite an exception with a reason and a last day to ${EXCEPTIONS}, or update.\n`,
    );
  return faults.length === 0 ? 0 : 1;
}

if (require.main === module) process.exitCode = main();
module.exports = { faultsOf };
