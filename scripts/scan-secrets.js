/**
 * Looks for secrets in the files under version control, by the forms that private keys and tokens have. Prints the place
 * and never the secret. A line with the words "not a secret" is skipped.
 *
 *   npm run secret-scan
 */
const { execFileSync } = require("node:child_process");
const { readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");

const ROOT = join(__dirname, "..");
const MAX_BYTES = 2 * 1024 * 1024;

const FORMS = [
  ["private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*(?:\\n)?\s*[A-Za-z0-9+/]{40}/],
  ["AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})/],
  ["npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["Slack token", /\bxox[abprs]-[A-Za-z0-9-]{20,}/],
  ["Google key", /\bAIza[A-Za-z0-9_-]{35}\b/],
  ["signed JWT", /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}/],
  [
    "password in a URL",
    /\b(?:postgres(?:ql)?|rediss?|https?):\/\/[^\s:/@"'`$<{]+:(?!secret@|password@|canary)[^\s:/@"'`$<{]{12,}@/,
  ],
];

const files = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" })
  .split("\0")
  .filter(Boolean);
const found = [];
for (const name of files) {
  const path = join(ROOT, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > MAX_BYTES) continue;
  const text = readFileSync(path, "utf8");
  for (const [kind, form] of FORMS) {
    const match = form.exec(text);
    if (match === null) continue;
    const line = text.slice(0, match.index).split("\n").length;
    if (!/not a secret/.test(text.split("\n")[line - 1] ?? "")) found.push(`${name}:${line}: ${kind}`);
  }
}
process.stdout.write(`${files.length} files scanned\n`);
if (found.length > 0) process.stderr.write(`possible secrets:\n  ${found.join("\n  ")}\n`);
process.exitCode = files.length > 0 && found.length === 0 ? 0 : 1;
