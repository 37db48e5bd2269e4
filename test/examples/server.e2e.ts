import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

const ROOT = resolve(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "spine-graph-example-"));
const program = join(folder, "main.js");

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph();
  execFileSync(
    join(ROOT, "node_modules/.bin/esbuild"),
    ["examples/server/main.ts", "--bundle", "--platform=node", `--outfile=${program}`, "--log-level=error"],
    { cwd: ROOT },
  );
});
afterAll(async () => {
  await graph.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the example as its README says. */
function run(nhsNumber: string): Promise<{ code: number; lines: string[] }> {
  const environment = { ...process.env, GRAPH_URL: `${graph.url}/graphql` };
  return new Promise((done) => {
    execFile(process.execPath, [program, nhsNumber], { env: environment }, (error, stdout) => {
      done({ code: error ? Number(error.code) : 0, lines: stdout.trimEnd().split("\n") });
    });
  });
}

test("the server example prints the patient, the status and three slots", async () => {
  const { code, lines } = await run("9000000009");

  expect(lines.slice(0, 4)).toEqual([
    "Patient: Ms Rosalind May ASHCOMBE",
    "Chargeable status: Chargeable",
    "Practice: Willow Lane Surgery",
    "Next free slots:",
  ]);
  expect(lines.slice(4)).toHaveLength(3);
  expect(code).toBe(0);
});

test("the server example says what is not known when the practice is down, and shows the rest", async () => {
  const { code, lines } = await run("9990000093");

  expect(lines[0]).toMatch(/^Patient: .*IVESON/);
  expect(lines).toContainEqual(expect.stringMatching(/^Not known: patient\.practice\.nextFreeSlots: /));
  expect(code).toBe(1);
});
