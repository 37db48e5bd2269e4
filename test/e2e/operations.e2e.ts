import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Every documented query answers as it stands, with the variables that stand beside it. */
const DIRECTORY = join(__dirname, "..", "operations");
const QUERIES = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith(".graphql"))
  .map((name) => ({ name, text: readFileSync(join(DIRECTORY, name), "utf8") }))
  .filter(({ text }) => /^query /m.test(text));

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

/** Shows on purpose how a practice that is down leaves the others standing. */
const WITH_ERRORS = ["07-practices.graphql"];

test.each(QUERIES)("$name", async ({ name, text }) => {
  const variables = JSON.parse(
    readFileSync(join(DIRECTORY, name.replace(/graphql$/, "variables.json")), "utf8"),
  );

  const answer = await graph.query<Record<string, unknown>>(text, variables);

  if (!WITH_ERRORS.includes(name)) expect(answer.errors).toBeUndefined();
  expect(Object.values(answer.data).every((value) => value !== null)).toBe(true);
});
