import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { request } from "undici";
import { describeNeeding } from "../support/needs.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

const START = join(resolve(__dirname, "..", ".."), "examples/supergraph/start.js");

describeNeeding("gateways", "the supergraph example", () => {
  let graph: RunningGraph;
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    graph = await startGraph();
    child = spawn(process.execPath, [START], {
      env: { ...process.env, GRAPH_URL: `${graph.url}/graphql`, CARE_PLANS_PORT: "0", GATEWAY_PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    url = await new Promise<string>((found, failed) => {
      let text = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const address = text.match(/^gateway: (\S+)\n/m)?.[1];
        if (address) found(address);
      });
      child.once("exit", () => failed(new Error("the supergraph ended")));
    });
  }, 60_000);
  afterAll(async () => {
    child?.kill();
    await graph?.close();
  });

  async function query(text: string): Promise<unknown> {
    const { body } = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: text }),
    });
    return body.json();
  }

  test("one query through the gateway is answered by both subgraphs", async () => {
    expect(
      await query("{ carePlans { title patient { name { display } practice { name parking } } } }"),
    ).toEqual({
      data: {
        carePlans: [
          {
            title: "Blood pressure",
            patient: {
              name: { display: "Ms Rosalind May ASHCOMBE" },
              practice: { name: "Willow Lane Surgery", parking: "Twelve spaces behind the surgery" },
            },
          },
          {
            title: "Asthma",
            patient: {
              name: { display: "Mr Owen BELLWEATHER" },
              practice: { name: "Willow Lane Surgery", parking: "Twelve spaces behind the surgery" },
            },
          },
        ],
      },
    });
  });

  test("an error of spine-graph keeps its code through the gateway, and the other subgraph's fields stand", async () => {
    const response = await query(
      '{ patient(nhsNumber: "9990000093") { carePlans { title } practice { freeSlots { id } } } }',
    );

    expect(response).toMatchObject({
      data: { patient: { carePlans: [], practice: { freeSlots: null } } },
      errors: [{ path: ["patient", "practice", "freeSlots"], extensions: { code: "UPSTREAM_UNAVAILABLE" } }],
    });
  });
});
