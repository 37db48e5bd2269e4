import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

jest.setTimeout(60_000);

const ROOT = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "spine-graph-needs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a small project with the real helper and reporter on a machine without any server. */
function runWithoutServers(environment: Record<string, string>) {
  writeFileSync(
    join(folder, "small.test.ts"),
    `import { describeNeeding } from ${JSON.stringify(join(__dirname, "needs.ts"))};
     jest.mock("node:fs", () => ({
       ...jest.requireActual("node:fs"),
       accessSync: () => { throw new Error("no such program"); },
     }));
     describeNeeding("slapd", "the directory", () => test("searches", () => {}));
     test("needs nothing", () => {});`,
  );
  const config = {
    rootDir: folder,
    roots: [folder],
    transform: { "^.+\\.ts$": require.resolve("@swc/jest") },
    moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
    reporters: ["default", join(__dirname, "summary-reporter.js")],
  };
  const { CI: _ci, ...rest } = process.env;
  return spawnSync(
    process.execPath,
    [join(ROOT, "node_modules/jest/bin/jest.js"), "-i", "--config", JSON.stringify(config)],
    { cwd: folder, env: { ...rest, ...environment }, encoding: "utf8" },
  );
}

test("a suite whose server is missing is skipped and named, and the counts are the last line on stdout", () => {
  const { status, stdout } = runWithoutServers({});

  expect(status).toBe(0);
  expect(stdout.trimEnd().split("\n").slice(-2)).toEqual([
    "skipped: the directory (needs slapd)",
    "1 passed, 0 failed, 1 skipped",
  ]);
});

test("with CI=true a missing server is a failure", () => {
  const { status, stdout } = runWithoutServers({ CI: "true" });

  expect(status).toBe(1);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("1 passed, 1 failed, 0 skipped");
});
