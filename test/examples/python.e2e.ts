import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { describeNeeding, PYTHON } from "../support/needs.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

const ROOT = resolve(__dirname, "..", "..");

describeNeeding("python", "the Python example", () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph();
  });
  afterAll(() => graph.close());

  /** Runs Python in the environment of the example. */
  function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...process.env, GRAPH_URL: `${graph.url}/graphql` };
    return new Promise((done) => {
      execFile(PYTHON, args, { cwd: ROOT, env }, (error, stdout, stderr) => {
        done({ code: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
  }
  const card = (nhsNumber: string) => run([join(ROOT, "examples/python/patient_card.py"), nhsNumber]);

  test("prints the patient, the status and three slots, after validating its query against the client schema", async () => {
    const { code, stdout } = await card("9000000009");
    const lines = stdout.trimEnd().split("\n");

    expect(lines.slice(0, 3)).toEqual([
      "Patient: Ms Rosalind May ASHCOMBE",
      "Chargeable status: Chargeable",
      "Practice: Willow Lane Surgery",
    ]);
    expect(lines.slice(3)).toHaveLength(3);
    expect(code).toBe(0);
  });

  test("keeps the data beside the errors when the practice is down", async () => {
    const { code, stdout } = await card("9990000093");

    expect(stdout).toMatch(/^Patient: .*IVESON/);
    expect(stdout).toMatch(/^Not known: patient\.practice\.nextFreeSlots: /m);
    expect(code).toBe(1);
  });

  test("gql cannot build a client from schema.graphql, and can from schema.client.graphql", async () => {
    const load = (schema: string) =>
      run(["-c", `from gql import Client; Client(schema=open("${schema}", encoding="utf-8").read())`]);

    expect((await load("schema.client.graphql")).code).toBe(0);
    const federated = await load("schema.graphql");
    expect(federated.code).toBe(1);
    expect(federated.stderr).toContain("Unknown directive");
  });
});
