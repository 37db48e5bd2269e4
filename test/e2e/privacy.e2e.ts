import { operation } from "../support/operations.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Canaries: nothing that identifies a patient leaves through logs, metrics, errors or the call log. */
const NUMBERS = [
  "9000000009",
  "9990000018",
  "9990000034",
  "9990000042",
  "9990000050",
  "9990000077",
  "9990000093",
];
const NAMES = ["ASHCOMBE", "Ashcombe", "Rosalind", "1984-03-17"];

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph();
  for (const nhsNumber of NUMBERS) {
    await graph.query(operation("03-card"), { nhsNumber }, { "spine-session": nhsNumber });
  }
  await provokeErrors();
});
afterAll(() => graph.close());

const leaks = (text: string) => [...NUMBERS, ...NAMES].filter((canary) => text.includes(canary));

/** Every kind of trouble, with a canary in every place that a caller can fill. */
async function provokeErrors(): Promise<void> {
  const canary = "9000000009";
  const remove = graph.sandbox.faults.add({ service: "PDS", kind: { status: 500, body: canary } });
  await graph.query(operation("01-patient"), { nhsNumber: canary });
  remove();
  const reset = graph.sandbox.faults.add({ service: "SSP", kind: "reset" });
  await graph.query(operation("03-card"), { nhsNumber: canary });
  reset();
  const garbage = graph.sandbox.faults.add({
    service: "VM",
    kind: { status: 200, body: `{"Patient/${canary}` },
  });
  await graph.query(operation("02-chargeable-status"), { nhsNumber: canary });
  garbage();
}

test("log lines name no patient", () => {
  expect(graph.logLines.length).toBeGreaterThan(NUMBERS.length);
  expect(leaks(graph.logLines.join("\n"))).toEqual([]);
});

test("metrics name no patient", async () => {
  const answer = await graph.get("/metrics");

  expect(leaks(await answer.body.text())).toEqual([]);
});

// Proves GPC-CORE13.
test.each([
  ["a syntax error around a number", "{ patient(nhsNumber: 9000000009 9000000009) { name } ]", {}],
  ["a number as the name of an operation", "query P9000000009 { nothing9000000009 }", {}],
  [
    "a number in a variable of the wrong type",
    "query ($n: ID!) { patient(nhsNumber: $n) { nhsNumber } }",
    { n: ["9000000009"] },
  ],
  [
    "a number with a bad check digit beside it",
    "query ($n: ID!) { patient(nhsNumber: $n) { nhsNumber } }",
    { n: "9000000009x" },
  ],
])("an error does not repeat %s", async (_case, query, variables) => {
  const answer = await graph.query(query, variables);

  expect(answer.errors?.length).toBeGreaterThan(0);
  expect(leaks(JSON.stringify(answer.errors))).toEqual([]);
});

test("the call log and the errors of a failing card name no patient", async () => {
  const remove = graph.sandbox.faults.add({
    service: "SSP",
    kind: { status: 502, body: "<html>9000000009</html>" },
  });
  const answer = await graph.query(operation("03-card"), { nhsNumber: "9000000009" });
  remove();

  expect(answer.errors?.length).toBeGreaterThan(0);
  expect(leaks(JSON.stringify([answer.errors, answer.extensions]))).toEqual([]);
});

// Proves HAZ-FREE-TEXT, GPC-AMUS-IG-2.
test("the free text of a command is in no log, metric, error, call log or audit", async () => {
  const calm = await startGraph();
  try {
    const slots = await calm.query<{ practice: { freeSlots: { id: string }[] } }>(
      '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }',
    );
    const texts = { description: "canary-description", comment: "canary-comment" };
    const slotIds = slots.data.practice.freeSlots.map(({ id }) => id);
    const book = (rest: object) =>
      calm.query<{ bookAppointment: { appointment: { id: string; version: string } } | null }>(
        `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
           ... on AppointmentBooked { appointment { id version } } } }`,
        { input: { nhsNumber: "9000000009", slotIds, ...texts, ...rest } },
      );
    const tooLong = await book({ comment: "canary-comment".repeat(50) });
    expect(tooLong.errors).toHaveLength(1);
    const booked = await book({});
    const interaction = "cancel:appointment-1";
    calm.sandbox.faults.add({ service: "PRACTICE", interaction, kind: "reset-after-commit", times: 1 });
    const cancelled = await calm.query(operation("06-cancel-appointment"), {
      input: { ...booked.data.bookAppointment?.appointment, reason: "canary-reason" },
    });
    expect(cancelled.errors).toBeUndefined();

    const metrics = await (await calm.get("/metrics")).body.text();
    const told = [metrics, ...calm.logLines, ...calm.auditLines];
    const inAnswers = [tooLong.errors, booked.extensions, cancelled.extensions];
    expect([...told, JSON.stringify(inAnswers)].join("\n")).not.toContain("canary");
  } finally {
    await calm.close();
  }
});

test("slot ids and appointment ids contain no readable NHS number", async () => {
  const calm = await startGraph(); // the other one's circuits are open after so much trouble
  const answer = await calm.query<{ patient: { practice: { freeSlots: { id: string }[] } } }>(
    operation("03-card"),
    {
      nhsNumber: "9990000018",
    },
  );
  await calm.close();
  const [slot] = answer.data.patient.practice.freeSlots;
  const content = Buffer.from(slot?.id.split(".")[1] ?? "", "base64url").toString("utf8");

  expect(content).toContain("T81001");
  expect(content).not.toContain("9990000018");
});

// Proves GPC-SPN-TST-08, GPC-STR-TST-GEN-05, GPC-IG10.
test("the audit has one line for each attempt, in order and without a gap", () => {
  const lines = graph.auditLines.map((line) => JSON.parse(line) as Record<string, unknown>);

  expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_line, index) => index + 1));
  const read = lines.find(({ operation }) => operation === "PDS Patient.read");
  expect(read).toMatchObject({
    outcome: "SUCCEEDED",
    user: { family: "Hartley" },
    organisation: { odsCode: "T82000" },
    nhsNumber: "9000000009",
    patient: expect.stringMatching(/^[\w-]{43}$/),
    correlationId: expect.any(String),
  });
  const blocked = lines.find(({ gate }) => gate === "G9");
  expect(blocked).toMatchObject({ outcome: "BLOCKED", reason: "SENSITIVE", nhsNumber: "9990000050" });
  const ssp = lines.find(({ operation }) => String(operation).startsWith("SSP"));
  expect(ssp).toMatchObject({
    sspTraceId: expect.any(String),
    sspFrom: "200000000115",
    sspTo: expect.any(String),
  });
});
