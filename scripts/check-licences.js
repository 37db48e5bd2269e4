/**
 * Checks the licence of every production dependency, also indirect ones, against the list of permitted ones.
 *
 *   npm run licences
 */
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const ROOT = join(__dirname, "..");
const PERMITTED = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
]);

/** `(MIT OR GPL-3.0)`: one permitted alternative suffices. `AND`: all parts have to be permitted. */
function isPermitted(licence) {
  const text = licence.replace(/[()]/g, "");
  return text.split(" OR ").some((part) => part.split(" AND ").every((name) => PERMITTED.has(name.trim())));
}

const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
const production = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && !dev);
const counts = new Map();
const faults = [];
for (const [path, { version, license }] of production) {
  const licence = license ?? "none stated";
  counts.set(licence, (counts.get(licence) ?? 0) + 1);
  if (!isPermitted(licence)) faults.push(`${path.replace(/^.*node_modules\//, "")}@${version}: ${licence}`);
}
for (const [licence, count] of [...counts].sort()) process.stdout.write(`${licence}: ${count}\n`);
if (faults.length > 0) process.stderr.write(`not permitted:\n  ${faults.join("\n  ")}\n`);
process.exitCode = production.length > 0 && faults.length === 0 ? 0 : 1;
