import { brokenAdjacencyRule, inTimeOrder } from "../../src/domain/adjacent-slots.js";
import { canBookAppointments, supportsServices } from "../../src/domain/capabilities.js";
import { currentHomeAddress } from "../../src/domain/current-address.js";
import { demographicDifferences } from "../../src/domain/demographic-differences.js";
import { parseNhsNumber } from "../../src/domain/nhs-number.js";
import { parseOdsCode } from "../../src/domain/ods-code.js";
import type { HumanName } from "../../src/domain/patient.js";
import { covers } from "../../src/domain/period.js";
import { currentName, displayName } from "../../src/domain/person-name.js";
import { detailsAgree } from "../../src/domain/verified-details.js";
import { redact } from "../../src/platform/telemetry/redact.js";

describe("NHS number", () => {
  test.each([
    ["9000000009", "9000000009"],
    ["900 000 0009", "9000000009"],
    ["900-000-0009", "9000000009"],
    [" 9990000018 ", "9990000018"],
    ["4010232137", "4010232137"],
    ["900 0000009", "9000000009"],
    ["900 000-0009", "9000000009"],
    ["900\u00a0000\u00a00009", "9000000009"],
    ["900\u2009000\u202f0009", "9000000009"],
    ["\u200b9000000009\ufeff", "9000000009"],
    ["900\u2011000\u20130009", "9000000009"],
    ["\u202a900\u2060000\u00ad0009\u202c", "9000000009"],
    ["900\t000\n0009", "9000000009"],
  ])("%j is read as %s", (text, digits) => {
    expect(parseNhsNumber(text)).toBe(digits);
  });

  // Proves GPC-FOU-FPA-01/8, GPC-FOU-REG-01/5.
  test.each([
    "",
    "9000000008", // wrong check digit
    "9990000000", // its check digit would be ten
    "900000000",
    "90000000090",
    "900.000.0009",
    "900/000/0009",
    "900\u00a0000\u00a00008", // separators do not make up for a wrong check digit
    "NHS 9000000009",
    "34555##4",
    "hello",
    "٩٠٠٠٠٠٠٠٠٩",
  ])("%j is refused", (text) => {
    expect(parseNhsNumber(text)).toBeUndefined();
  });

  test("ten equal digits pass the check digit and are refused unless a setting allows them", () => {
    expect(parseNhsNumber("9999999999")).toBeUndefined();
    expect(parseNhsNumber("9999999999", { allowRepeatedDigits: true })).toBe("9999999999");
  });

  test("of any ten numbers that differ in the last digit only, at most one is valid", () => {
    for (let stem = 999_000_000; stem < 999_000_200; stem++) {
      const valid = Array.from({ length: 10 }, (_, digit) => parseNhsNumber(`${stem}${digit}`)).filter(
        Boolean,
      );
      expect(valid.length).toBeLessThanOrEqual(1);
    }
  });
});

test.each([
  ["t81001", "T81001"],
  [" YES ", "YES"],
  ["A1", undefined],
  ["TOO-LONG", undefined],
  ["A*1", undefined],
  ["ABCDEFGHIJK", undefined],
])("ODS code %j is read as %s", (text, code) => {
  expect(parseOdsCode(text)).toBe(code);
});

// Proves GPC-CORE03.
describe("a period covers a date", () => {
  test.each([
    [undefined, true],
    [{}, true],
    [{ start: "2026-11-23" }, true],
    [{ start: "2026-11-24" }, false],
    [{ end: "2026-11-23" }, true],
    [{ end: "2026-11-22" }, false],
    [{ start: "2026", end: "2026" }, true],
    [{ start: "2026-12" }, false],
    [{ end: "2026-10" }, false],
    [{ start: "2020-01-01T09:00:00+00:00", end: "2026-11-23T23:00:00+00:00" }, true],
  ])("%j: %s", (period, expected) => {
    expect(covers(period, "2026-11-23")).toBe(expected);
  });
});

describe("the name to show", () => {
  const name = (family: string, rest: Partial<HumanName> = {}): HumanName => ({
    family,
    given: [],
    prefix: [],
    suffix: [],
    ...rest,
  });

  test("is the usual one in force, wherever it stands", () => {
    const names = [
      name("Nick", { use: "nickname" }),
      name("Before", { use: "usual", period: { end: "2020-01-01" } }),
      name("Now", { use: "usual", period: { start: "2020-01-02" } }),
      name("Old", { use: "old" }),
    ];
    expect(currentName(names, "2026-11-23")?.family).toBe("Now");
    expect(currentName([...names].reverse(), "2026-11-23")?.family).toBe("Now");
  });

  test("is the usual one that ended last rather than an old one without an end", () => {
    const names = [
      name("Old", { use: "old" }),
      name("Maiden", { use: "maiden" }),
      name("Earlier", { use: "usual", period: { end: "2010-01-01" } }),
      name("Later", { use: "usual", period: { end: "2020-01-01" } }),
    ];
    expect(currentName(names, "2026-11-23")?.family).toBe("Later");
    expect(currentName([...names].reverse(), "2026-11-23")?.family).toBe("Later");
    expect(currentName(names.slice(0, 1), "2026-11-23")?.family).toBe("Old");
  });

  test("is the lapsed usual one when nothing is in force, and none when there is none", () => {
    expect(
      currentName([name("Lapsed", { use: "usual", period: { end: "2020" } })], "2026-11-23")?.family,
    ).toBe("Lapsed");
    expect(currentName([], "2026-11-23")).toBeUndefined();
  });

  test("is written on one line with the family name in capitals", () => {
    const full = name("O'Neil", { prefix: ["Mrs"], given: ["John Paul", "Ann"], suffix: ["MBE"] });
    expect(displayName(full)).toBe("Mrs John Paul Ann O'NEIL MBE");
  });
});

test("the home address is the valid one that began last, wherever it stands", () => {
  const home = (line: string, period: object) => ({ use: "home", lines: [line], period });
  const addresses = [
    home("1 Before Street", { start: "2010-01-01" }),
    home("2 Now Street", { start: "2020-01-01" }),
    home("3 Next Street", { start: "2030-01-01" }),
    home("4 Past Street", { start: "2021-01-01", end: "2022-01-01" }),
    { use: "temp", lines: ["5 Holiday Street"] },
  ];
  expect(currentHomeAddress(addresses, "2026-11-23")?.lines).toEqual(["2 Now Street"]);
  expect(currentHomeAddress([...addresses].reverse(), "2026-11-23")?.lines).toEqual(["2 Now Street"]);
  expect(currentHomeAddress(addresses.slice(4), "2026-11-23")).toBeUndefined();
});

// Proves GPC-CORE02(1).
describe("details held against PDS (gate G6)", () => {
  const record = {
    birthDate: "1984-03-17",
    names: [{ family: "Ashcombe", given: ["Rosalind"], prefix: [], suffix: [] }],
  };

  test.each([
    [{ birthDate: "1984-03-17" }, true],
    [{ birthDate: "1984-03-18" }, false],
    [{ birthDate: "1984-03-18", familyName: "ASHTON", givenName: "rob" }, true],
    [{ birthDate: "1984-03-18", familyName: "Asquith", givenName: "Rosalind" }, false],
    [{ birthDate: "1984-03-18", familyName: "Ashcombe" }, false],
    [{ birthDate: "1984-04-18", familyName: "Ashcombe", givenName: "Rosalind" }, false],
  ])("%j agree: %s", (known, expected) => {
    expect(detailsAgree(known, record)).toBe(expected);
  });

  test("the form of an apostrophe and of an accent does not matter", () => {
    const names = [{ family: "O'Brien", given: ["\u00c9lise"], prefix: [], suffix: [] }];
    const known = { birthDate: "1984-03-18", familyName: "O\u2019Brien", givenName: "E\u0301lise" };
    expect(detailsAgree(known, { ...record, names })).toBe(true);
  });

  test("nothing agrees with a record that has no birth date", () => {
    expect(detailsAgree({ birthDate: "1984-03-17" }, { names: record.names })).toBe(false);
  });
});

// Proves GPC-STR-TST-GEN-07, GPC-CORE02(2).
describe("demographic cross-check", () => {
  const ours = {
    name: { family: "Ashcombe", given: ["Rosalind", "May"], prefix: ["Ms"], suffix: [] },
    gender: "female",
    birthDate: "1984-03-17",
  };

  test("ignores case, spacing and Unicode form, but not accents", () => {
    const theirs = { ...ours, name: { ...ours.name, family: " ASHCOMBE ", given: ["rosalind"] } };
    expect(demographicDifferences(ours, theirs)).toEqual([]);
    const accented = { ...ours, name: { ...ours.name, family: "Ashcömbe" } };
    expect(
      demographicDifferences(accented, { ...accented, name: { ...accented.name, family: "Ashco\u0308mbe" } }),
    ).toEqual([]);
    expect(demographicDifferences(ours, accented)).toHaveLength(1);
  });

  const named = (family: string, given: string[]) => ({ ...ours, name: { ...ours.name, family, given } });

  test.each([
    ["a curly and a straight apostrophe", named("O\u2019Brien", ["Ida"]), named("O'BRIEN", ["Ida"])],
    ["a modifier letter and a grave accent", named("O\u02bcBrien", ["Ida"]), named("O`Brien", ["Ida"])],
    ["hyphens of two kinds", named("Oak-Lee", ["Ida"]), named("Oak\u2011Lee", ["Ida"])],
    ["a space that does not break", named("de Vere", ["Ida"]), named("de\u00a0Vere", ["Ida"])],
    ["composed and decomposed accents", named("Oak", ["Zo\u00eb"]), named("Oak", ["Zoe\u0308"])],
    [
      "a compound first name in one element and in two",
      named("Oak", ["John Paul"]),
      named("Oak", ["John", "Paul"]),
    ],
    [
      "the same with a further name",
      named("Oak", ["John Paul", "Ivo"]),
      named("Oak", ["John", "Paul", "Ivo"]),
    ],
    ["no further given names on one side", named("Oak", ["Ida", "May"]), named("Oak", ["Ida"])],
  ])("finds no difference for %s", (_case, one, other) => {
    expect(demographicDifferences(one, other)).toEqual([]);
    expect(demographicDifferences(other, one)).toEqual([]);
  });

  test.each([
    ["an apostrophe that is missing", named("O'Brien", ["Ida"]), named("OBrien", ["Ida"]), "familyName"],
    ["another compound name", named("Oak", ["Mary Ann"]), named("Oak", ["Mary Jane"]), "givenName"],
    ["part of a compound name", named("Oak", ["John Paul"]), named("Oak", ["John"]), "givenName"],
    ["given names in another order", named("Oak", ["Ida", "May"]), named("Oak", ["May", "Ida"]), "givenName"],
    ["no given name on one side", named("Oak", ["Ida"]), named("Oak", []), "givenName"],
  ])("finds a difference for %s", (_case, one, other, field) => {
    expect(demographicDifferences(one, other)).toMatchObject([{ field }]);
    expect(demographicDifferences(other, one)).toMatchObject([{ field }]);
  });

  test("shows both values of whatever differs or is missing", () => {
    expect(
      demographicDifferences(ours, { name: { ...ours.name, given: ["Rose"] }, birthDate: "1984-03-18" }),
    ).toEqual([
      { field: "givenName", ours: "Rosalind", theirs: "Rose" },
      { field: "gender", ours: "female", theirs: undefined },
      { field: "birthDate", ours: "1984-03-17", theirs: "1984-03-18" },
    ]);
  });
});

// Proves BAAM-6, BAAM-7, GPC-AMUS-BPA-2-1.
describe("adjacent slots", () => {
  const slot = (start: string, end: string, rest: object = {}) => ({
    start: `2026-11-23T${start}:00+00:00`,
    end: `2026-11-23T${end}:00+00:00`,
    scheduleId: "1",
    deliveryChannel: "In-person",
    serviceType: "GP",
    ...rest,
  });
  const first = slot("09:00", "09:10");

  test.each([
    ["one after the other", slot("09:10", "09:20"), undefined],
    ["a gap", slot("09:20", "09:30"), "NOT_CONSECUTIVE"],
    ["an overlap", slot("09:05", "09:15"), "NOT_CONSECUTIVE"],
    ["another session", slot("09:10", "09:20", { scheduleId: "2" }), "DIFFERENT_SCHEDULE"],
    ["another channel", slot("09:10", "09:20", { deliveryChannel: "Video" }), "DIFFERENT_DELIVERY_CHANNEL"],
    ["another type", slot("09:10", "09:20", { serviceType: undefined }), "DIFFERENT_TYPE"],
  ])("%s", (_case, next, rule) => {
    expect(brokenAdjacencyRule([first, next])).toBe(rule);
  });

  test("the same instant written with another offset is the same instant", () => {
    const next = { ...slot("09:10", "09:20"), start: "2026-11-23T10:10:00+01:00" };
    expect(brokenAdjacencyRule([first, next])).toBeUndefined();
    expect(inTimeOrder([next, first])).toEqual([first, next]);
  });
});

test.each([
  ["1.2.8", true],
  ["1.2.9", true],
  ["1.2.10", true],
  ["1.3.0", true],
  ["2.0.0", true],
  ["1.2.8-beta.1", true],
  ["v1.2.8", true],
  [" 1.2.8 ", true],
  ["1.2.7", false],
  ["1.1.9", false],
  ["0.9.9", false],
  ["1.2", false],
  ["", false],
  [undefined, false],
])("GP Connect %p supports services: %p", (gpConnectVersion, expected) => {
  expect(supportsServices({ gpConnectVersion, interactions: [] })).toBe(expected);
});

test.each([
  [["Slot.search-type", "Appointment.create"], true],
  [["Slot.search-type", "Appointment.update"], true],
  [["Slot.search-type", "Appointment.read"], false],
  [["Appointment.create"], false],
])("%j can book: %s", (interactions, expected) => {
  expect(canBookAppointments({ interactions })).toBe(expected);
});

test.each([
  ["number 9000000009.", "number [number withheld]."],
  ["900 000 0009 and 900-000-0009", "[number withheld] and [number withheld]"],
  ["ASID 200000000115 stays", "ASID 200000000115 stays"],
  ["2026-11-23T09:00:00.000Z", "2026-11-23T09:00:00.000Z"],
])("redacted: %s", (text, expected) => {
  expect(redact(text)).toBe(expected);
});
