import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type FieldCase, runCase } from "./run-case.js";

const CASES = path.resolve(__dirname, "cases");
const cases = readdirSync(CASES)
  .filter((file) => file.endsWith(".json"))
  .map((file): [string, FieldCase] => [file, JSON.parse(readFileSync(path.join(CASES, file), "utf8"))]);

it.each(cases)("%s", async (_file, fieldCase) => {
  const { result, error, requests } = await runCase(fieldCase);
  if (fieldCase.error === undefined) {
    expect(error).toBeUndefined();
    expect(plain(result)).toMatchObject(fieldCase.result as object);
  } else {
    expect(result).toBeUndefined();
    expect(error).toMatchObject(fieldCase.error);
  }
  const last = requests.at(-1);
  if (fieldCase.requests !== undefined) expect(requests).toHaveLength(fieldCase.requests);
  if (fieldCase.sentPath !== undefined) expect(last?.path).toContain(fieldCase.sentPath);
  if (fieldCase.sentBody !== undefined) expect(last?.body).toBe(fieldCase.sentBody);
});

it.each(cases)("%s says what it is about and expects something", (_file, fieldCase) => {
  expect(fieldCase.title).toMatch(/^[A-Z].{10,}[^.]$/);
  expect(fieldCase.source ?? "owner/name#1").toMatch(/^[\w.-]+\/[\w.-]+#\d+$/);
  expect(fieldCase.result !== undefined || fieldCase.error !== undefined).toBe(true);
});

/** As JSON has it: a member that is undefined is absent. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
