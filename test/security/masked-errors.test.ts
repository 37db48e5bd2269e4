import { GraphQLError } from "graphql";
import { diagnosticsOf, noteDiagnostics } from "../../src/platform/audit/diagnostics.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { createErrorFormatter } from "../../src/server/errors/format-error.js";

const lines: string[] = [];
const log = createLog("trace", (line) => lines.push(line));
const format = createErrorFormatter(log);
beforeEach(() => lines.splice(0));

test("an error that nobody expected is masked, and neither response nor log repeats its message", () => {
  const original = new TypeError("cannot read Rosalind Ashcombe, 9000000009, of postgres://u:secret@db");
  const thrown = new GraphQLError(original.message, { path: ["patient"], originalError: original });
  const shown = format(thrown.toJSON(), thrown);

  expect(shown).toEqual({
    message: "Something went wrong on our side.",
    path: ["patient"],
    extensions: { code: "INTERNAL_SERVER_ERROR" },
  });
  expect(lines).toHaveLength(1);
  expect(JSON.stringify([shown, lines])).not.toMatch(/Rosalind|9000000009|postgres|secret/);
});

test.each(["9000000009", "900 000 0009", "900-000-0009"])(
  "a log line that holds the number %s by mistake leaves without it",
  (number) => {
    log.info({ note: `patient ${number}` }, `read ${number}`);

    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(number);
  },
);

test("a longer number, such as an ASID, stays in the log", () => {
  log.info({ asid: "200000000115" }, "call");

  expect(lines[0]).toContain("200000000115");
});

test("a token that an upstream quotes does not come into the audit", () => {
  const token = "eyJhbGciOiJSUzUxMiJ9.eyJzdWIiOiJ4In0.c2ln";
  const error = noteDiagnostics(new Error("refused"), ["Invalid JWT", `got ${token}`]);

  expect(diagnosticsOf(error)).toBe("Invalid JWT; got [token withheld]");
});

test("what an upstream wrote is cut, and an error without such words has none", () => {
  expect(diagnosticsOf(noteDiagnostics(new Error("x"), ["a".repeat(9_000)]))).toHaveLength(500);
  expect(diagnosticsOf(noteDiagnostics(new Error("x"), []))).toBeUndefined();
});
