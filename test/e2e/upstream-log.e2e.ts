import type { Fault } from "../../src/sandbox/index.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

let graph: RunningGraph;
beforeEach(async () => {
  graph = await startGraph();
});
afterEach(() => graph.close());

/** What a service says of a patient in an error, which no log may repeat. */
const BODY = JSON.stringify({
  resourceType: "OperationOutcome",
  issue: [{ severity: "error", code: "invalid", diagnostics: "Mrs Canary 9000000009" }],
});

const refuses = (fault: Omit<Fault, "kind">) =>
  graph.sandbox.faults.add({
    ...fault,
    kind: { status: 400, body: BODY, contentType: "application/fhir+json" },
  });

const lastLine = () => JSON.parse(graph.logLines.at(-1) ?? "{}");

const PATIENT = '{ patient(nhsNumber: "9000000009") { name { family } } }';
const SLOTS = '{ practice(odsCode: "T81001") { freeSlots { id } } }';
const STATUS = '{ patient(nhsNumber: "9000000009") { chargeableStatus { recorded } } }';

test.each<[string, string, Omit<Fault, "kind">]>([
  ["PDS", PATIENT, { service: "PDS" }],
  ["SDS", SLOTS, { service: "SDS" }],
  ["SSP", SLOTS, { service: "SSP" }],
  ["PROVIDER", SLOTS, { service: "PRACTICE" }],
  ["VM", STATUS, { service: "VM" }],
])(
  "the log line of an operation that %s refused carries service, reason and status, and no text of theirs",
  async (_service, query, fault) => {
    refuses(fault);

    const { errors = [] } = await graph.query(query);

    const extensions = errors[0]?.extensions;
    expect(extensions?.code).toMatch(/^UPSTREAM_/);
    const line = lastLine();
    expect(line.errors).toEqual([extensions?.code]);
    expect(line.upstreamErrors).toEqual([
      {
        service: extensions?.upstream,
        code: extensions?.code,
        status: 400,
        ...(extensions?.reason !== undefined && { reason: extensions.reason }),
      },
    ]);
    expect(graph.logLines.join("\n")).not.toMatch(/Canary|9000000009/);
  },
);

test("several fields that one failure made null are one entry of the log line", async () => {
  refuses({ service: "SDS" });
  const aliases = [1, 2, 3].map((n) => `a${n}: practice(odsCode: "T8100${n}") { freeSlots { id } }`);

  const { errors = [] } = await graph.query(`{ ${aliases.join(" ")} }`);

  expect(errors).toHaveLength(3);
  expect(lastLine().upstreamErrors).toHaveLength(1);
});

test("an operation without an upstream error logs none", async () => {
  await graph.query(PATIENT);

  expect(lastLine()).not.toHaveProperty("upstreamErrors");
});
