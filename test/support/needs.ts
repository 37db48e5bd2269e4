import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs that some suites need, with the names that each goes by. `npm run services` installs them. */
const PROGRAMS = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  slapd: ["slapd"],
  "redis-server": ["redis-server"],
  postgres: ["postgres"],
  promtool: ["promtool"],
} as const;

export type Program = keyof typeof PROGRAMS;

/** Folders whose packages some suites need: too large for the product's own lock file, or of another licence. */
const FOLDERS = { clients: "test/clients", gateways: "test/federation" } as const;

/** The virtual environment of the Python example, which `npm run examples:python` makes. */
export const PYTHON = join(__dirname, "../../var/python/bin/python");

export type PackageFolder = keyof typeof FOLDERS;

/** Where a program is, or undefined. Debian keeps daemons outside an ordinary user's PATH. */
export function findProgram(program: Program): string | undefined {
  const path = (process.env.PATH ?? "").split(delimiter);
  const directories = [...path, "/usr/local/sbin", "/usr/sbin", ...postgresFolders()];
  return PROGRAMS[program]
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .find(isExecutable);
}

/** Debian keeps each version of PostgreSQL in a folder of its own. */
export function postgresFolders(): string[] {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(root, version, "bin"));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A suite that needs a program, or the packages of a folder. Without them the suite is skipped and the summary names it;
 * where `CI=true` says that nothing may be skipped, it fails.
 */
export function describeNeeding(
  need: Program | PackageFolder | "python",
  title: string,
  suite: () => void,
): void {
  const named = `${title} (needs ${need})`;
  const missing = missingOf(need);
  if (missing === undefined) describe(named, suite);
  else if (process.env.CI === "true") {
    describe(named, () => {
      test(`${need} can be found`, () => {
        throw new Error(missing);
      });
    });
  } else describe.skip(named, suite);
}

/** What to do about a need that is not there. */
function missingOf(need: Program | PackageFolder | "python"): string | undefined {
  if (need === "python") {
    return isExecutable(PYTHON) ? undefined : `var/python is missing: run "npm run examples:python"`;
  }
  if (need in FOLDERS) {
    const folder = FOLDERS[need as PackageFolder];
    const isInstalled = existsSync(join(__dirname, "../..", folder, "node_modules"));
    return isInstalled ? undefined : `the packages of ${folder} are missing: run "npm ci --prefix ${folder}"`;
  }
  const isFound = findProgram(need as Program) !== undefined;
  return isFound ? undefined : `${need} is missing: run "npm run services"`;
}
