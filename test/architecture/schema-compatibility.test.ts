import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");
const SCHEMA = readFileSync(join(ROOT, "schema.graphql"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "spine-graph-compatibility-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Versions {
  readonly released?: string;
  readonly current: string;
  readonly changelog?: string;
}

/** Runs the check of the gate on texts of the test. */
function check({ released = SCHEMA, current, changelog = "# Changelog\n\n## 2.0.0\n" }: Versions) {
  const paths = Object.entries({ released, current, changelog }).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "scripts/check-compatibility.js"), ...paths],
    {
      encoding: "utf8",
    },
  );
  const breaks = [...stderr.matchAll(/^breaking change: (.+)$/gm)].map(([, text]) => text);
  return { status, breaks };
}

/** The schema with one change. A change that changes nothing would prove nothing. */
function changed(before: string | RegExp, after: string): string {
  const text = SCHEMA.replace(before, after);
  if (text === SCHEMA) throw new Error(`nothing to replace: ${before}`);
  return text;
}

test("schema.graphql breaks nothing of the last release that the changelog does not declare", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/check-compatibility.js"], {
    cwd: ROOT,
    encoding: "utf8",
  });

  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test("an unchanged schema and a new optional field break nothing", () => {
  expect(check({ current: SCHEMA })).toEqual({ status: 0, breaks: [] });
  expect(check({ current: changed(/^type Slot \{/m, "type Slot {\n  room: String") })).toEqual({
    status: 0,
    breaks: [],
  });
});

test.each([
  [
    "a field is removed",
    changed("requestedNhsNumber: ", "askedNhsNumber: "),
    "Patient.requestedNhsNumber was removed.",
  ],
  [
    "a field may become null",
    changed("recorded: Boolean!", "recorded: Boolean"),
    "ChargeableStatus.recorded changed type from Boolean! to Boolean.",
  ],
  [
    "an input field becomes required",
    changed(/^input CancelAppointmentInput \{/m, "input CancelAppointmentInput {\n  operator: ID!"),
    "A required field operator on input type CancelAppointmentInput was added.",
  ],
  [
    "other subgraphs' references lose their key",
    changed('type Practice @key(fields: "odsCode")', "type Practice"),
    'Practice lost @key(fields: "odsCode").',
  ],
  [
    "a field requires a scope that its callers may lack",
    changed(
      /(bookedBy: BookingOrganisation) @requiresScopes.+$/m,
      '$1 @requiresScopes(scopes: [["operator"]])',
    ),
    "Appointment.bookedBy requires other scopes than before.",
  ],
])("the check fails and says so when %s", (_title, current, sentence) => {
  expect(check({ current })).toEqual({ status: 1, breaks: [sentence] });
});

describe("a breaking change", () => {
  const current = changed("requestedNhsNumber: ", "askedNhsNumber: ");
  const sentence = "`Patient.requestedNhsNumber was removed.`";

  test("passes when the newest section of the changelog quotes it, also over two lines", () => {
    const changelog = `# Changelog\n\n## 2.0.0\n\n- **Breaking**: ${sentence.replace("was ", "was\n  ")}\n\n## 1.0.0\n`;

    expect(check({ current, changelog })).toEqual({ status: 0, breaks: [] });
  });

  test("fails when only the section of an older version quotes it", () => {
    const changelog = `# Changelog\n\n## 2.0.0\n\n## 1.0.0\n\n- **Breaking**: ${sentence}\n`;

    expect(check({ current, changelog }).status).toBe(1);
  });
});
