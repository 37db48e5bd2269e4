import { type Config, ConfigError, readConfig } from "../../src/platform/config/config.js";
import { TWO_ORGANISATIONS, writeTestFile } from "./support/consumers.js";

const [RIVERSIDE] = TWO_ORGANISATIONS;

/** The settings that a file gives, or all that is wrong with it. */
function read(content: unknown, environment: Record<string, string> = {}): Config | readonly string[] {
  const file = writeTestFile("consumers.json", content);
  try {
    return readConfig({ CONSUMERS_FILE: file.path, ...environment });
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  } finally {
    file.remove();
  }
}

test("a consumers file gives each organisation its ASID, name, telephone number and type", () => {
  expect(read(TWO_ORGANISATIONS)).toMatchObject({ organisations: TWO_ORGANISATIONS });
});

test("a consumers file may omit the type, and its codes may be in lower case", () => {
  const { type: _type, ...untyped } = { ...RIVERSIDE, odsCode: "t82000" };
  expect(read([untyped])).toMatchObject({ organisations: [{ odsCode: "T82000" }] });
});

test("the CONSUMER_ settings describe a single organisation", () => {
  const environment = {
    CONSUMER_ODS_CODE: "T82009",
    CONSUMER_ASID: "200000000119",
    CONSUMER_TYPE: "urgent-care",
  };
  expect(readConfig(environment).organisations).toEqual([
    {
      odsCode: "T82009",
      name: "Riverside Booking Hub",
      asid: "200000000119",
      phone: "0300 000 0000",
      type: "urgent-care",
    },
  ]);
  expect(readConfig({ CONSUMER_TYPE: "" }).organisations[0]).not.toHaveProperty("type");
});

describe("a consumers file is refused with all its faults at once:", () => {
  // Proves GPC-SFS-1.4.
  test.each<[string, unknown, readonly unknown[]]>([
    ["no JSON", "odsCode: T82000", ["CONSUMERS_FILE is not JSON"]],
    ["no list", RIVERSIDE, [expect.stringMatching(/^CONSUMERS_FILE .*array/)]],
    ["an empty list", [], ["CONSUMERS_FILE must name at least one organisation"]],
    [
      "the same one twice",
      [RIVERSIDE, { ...RIVERSIDE, odsCode: "t82000" }],
      [
        "CONSUMERS_FILE names T82000 more than once",
        "CONSUMERS_FILE names the ASID 200000000115 more than once",
      ],
    ],
    [
      "one ASID for two organisations",
      [RIVERSIDE, { ...RIVERSIDE, odsCode: "T82001" }],
      ["CONSUMERS_FILE names the ASID 200000000115 more than once"],
    ],
    [
      "everything missing",
      [{}],
      ["odsCode", "name", "asid", "phone"].map(
        (field) => `CONSUMERS_FILE, organisation 1: ${field} is missing`,
      ),
    ],
    [
      "faults in several entries",
      [
        { ...RIVERSIDE, asid: "12345", phone: "" },
        { ...RIVERSIDE, odsCode: "T 1", type: "hospital", telephone: "0300" },
      ],
      [
        "CONSUMERS_FILE, organisation 1: asid is not an ASID (12 digits)",
        expect.stringMatching(/^CONSUMERS_FILE, organisation 1: phone /),
        "CONSUMERS_FILE, organisation 2: odsCode is not an ODS code (3 to 10 letters and digits)",
        "CONSUMERS_FILE, organisation 2: type must be gp-practice or urgent-care",
        expect.stringMatching(/^CONSUMERS_FILE, organisation 2: .*telephone/),
      ],
    ],
  ])("%s", (_title, content, faults) => {
    expect(read(content)).toEqual(faults);
  });

  test("one beside a setting that it replaces", () => {
    expect(read(TWO_ORGANISATIONS, { CONSUMER_PHONE: "0300 000 0002", CONSUMER_ASID: "12" })).toEqual([
      "CONSUMER_ASID is not an ASID (12 digits)",
      "CONSUMER_PHONE cannot be given with CONSUMERS_FILE",
    ]);
  });

  test("one that does not exist", () => {
    expect(() => readConfig({ CONSUMERS_FILE: "/nowhere/consumers.json" })).toThrow(
      "CONSUMERS_FILE cannot be read",
    );
  });
});
