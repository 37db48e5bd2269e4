import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startSandbox } from "../../src/sandbox/index.js";

const PAGE = readFileSync(join(resolve(__dirname, "..", ".."), "docs", "sandbox.md"), "utf8");
const DOCUMENTED_GATEWAY = "http://127.0.0.1:8400";

/** The shell lines of the walk, as they stand on the page. */
function documentedWalk(): string {
  const section = PAGE.match(/<!-- walk:.*?-->(.*?)<!-- \/walk -->/s)?.[1] ?? "";
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, lines]) => lines).join("\n");
}

test("the walk by curl in docs/sandbox.md runs as written, from the NHS number to the chargeable status", async () => {
  const sandbox = await startSandbox();
  const walk = documentedWalk();
  expect(walk).toContain(`SANDBOX=${DOCUMENTED_GATEWAY}\n`);
  const script = `set -eu\n${walk.replace(DOCUMENTED_GATEWAY, sandbox.urls.gateway)}`;
  const { stdout } = await promisify(execFile)("sh", ["-c", script], {
    env: { PATH: process.env.PATH, TZ: "Europe/London" },
  }).finally(() => sandbox.close());
  expect(stdout.trimEnd().split("\n")).toEqual([
    "registered at T81001",
    expect.stringMatching(/^http:.*\/T81001\/STU3\/1\/gpconnect\/fhir has ASID \d{12}$/),
    '"version":"1.2.7"',
    expect.stringMatching(/^slot \d+ at \d{4}-\d\d-\d\dT\S+ in Location\/\d+$/),
    expect.stringMatching(/^booked appointment \d+$/),
    expect.stringMatching(/^"Appointment","id":"\d+"$/),
    '"status":"cancelled"',
    '"display":"Chargeable"',
  ]);
});
