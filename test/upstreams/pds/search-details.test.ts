import { hidesRestricted } from "../../../src/domain/trace-criteria.js";
import { type TraceDetails, TraceDetailsFault, toTraceCriteria } from "../../../src/domain/trace-details.js";

const BORN = { birthDate: "1952-05-31" };
const LEAST = { family: "Oak", ...BORN };

function faultOf(details: TraceDetails): string {
  try {
    toTraceCriteria(details);
  } catch (error) {
    if (error instanceof TraceDetailsFault) return error.field;
    throw error;
  }
  return "none";
}

describe("the minimum details of a PDS search", () => {
  it.each<[string, TraceDetails, string]>([
    ["nothing", {}, "birthDate"],
    ["no birth date", { family: "Oak" }, "birthDate"],
    ["no family name", BORN, "family"],
    ["a given name in its place", { ...BORN, given: ["Ida"] }, "family"],
    ["family name and birth date", LEAST, "none"],
    ["the beginning of a family name", { ...BORN, familyStartsWith: "Oa" }, "none"],
    [
      "a range of birth dates",
      { family: "Oak", birthDateFrom: "1952-05-01", birthDateTo: "1952-05-31" },
      "none",
    ],
    ["fuzzy, both names and birth date", { ...LEAST, given: ["Ida"], fuzzy: true }, "none"],
    [
      "fuzzy, family name, gender, postcode",
      { ...LEAST, gender: "female", postcode: "XX1 1AA", fuzzy: true },
      "none",
    ],
    [
      "fuzzy, given name, gender, postcode",
      { ...BORN, given: ["Ida"], gender: "female", postcode: "XX1", fuzzy: true },
      "none",
    ],
    ["fuzzy without birth date", { family: "Oak", given: ["Ida"], fuzzy: true }, "birthDate"],
    ["fuzzy without any name", { ...BORN, gender: "female", postcode: "XX1 1AA", fuzzy: true }, "family"],
    ["fuzzy with a family name only", { ...LEAST, fuzzy: true }, "given"],
    ["fuzzy, family name and gender", { ...LEAST, gender: "female", fuzzy: true }, "given"],
    [
      "fuzzy, given name and postcode",
      { ...BORN, given: ["Ida"], postcode: "XX1 1AA", fuzzy: true },
      "family",
    ],
  ])("%s", (_case, details, field) => {
    expect(faultOf(details)).toBe(field);
  });
});

describe("a detail that PDS cannot search by is refused and named", () => {
  it.each<[string, TraceDetails, string]>([
    ["an empty name", { ...LEAST, family: "" }, "family"],
    ["a name of blanks", { ...LEAST, family: "   " }, "family"],
    ["a name of asterisks", { ...LEAST, family: "***" }, "family"],
    ["a wildcard in a family name", { ...LEAST, family: "Sm*t*" }, "family"],
    ["a wildcard in a given name", { ...LEAST, given: ["Ida", "M*"] }, "given"],
    ["a wildcard in a postcode", { ...LEAST, postcode: "XX1*" }, "postcode"],
    ["a wildcard after a beginning", { ...BORN, familyStartsWith: "Sm*" }, "familyStartsWith"],
    ["a name too long", { ...LEAST, family: "x".repeat(36) }, "family"],
    ["a name as long as can be", { ...LEAST, family: "x".repeat(35) }, "none"],
    [
      "a beginning that leaves no room for the wildcard",
      { ...BORN, familyStartsWith: "x".repeat(35) },
      "familyStartsWith",
    ],
    ["a beginning of one letter", { ...BORN, familyStartsWith: "O" }, "familyStartsWith"],
    ["one letter and an asterisk", { ...BORN, familyStartsWith: "O*" }, "familyStartsWith"],
    ["half a character", { ...LEAST, family: "Oak\ud83c" }, "family"],
    ["a control character", { ...LEAST, family: "Oak\u0000" }, "family"],
    ["a name twice", { ...LEAST, familyStartsWith: "Oa" }, "familyStartsWith"],
    ["given names twice", { ...LEAST, given: ["Ida"], givenStartsWith: "Id" }, "givenStartsWith"],
    ["an empty given name", { ...LEAST, given: ["Ida", ""] }, "given"],
    ["six given names", { ...LEAST, given: ["A", "B", "C", "D", "E", "F"] }, "given"],
    ["a postcode twice", { ...LEAST, postcode: "XX1 1AA", postcodeStartsWith: "XX" }, "postcodeStartsWith"],
    ["a gender that PDS does not know", { ...LEAST, gender: "mal" }, "gender"],
    ["a birth date and a range", { ...LEAST, birthDateFrom: "1952-05-01" }, "birthDateFrom"],
    [
      "a range whose end is before its start",
      { family: "Oak", birthDateFrom: "1952-05-02", birthDateTo: "1952-05-01" },
      "birthDateTo",
    ],
    ["an ODS code that is none", { ...LEAST, practiceOdsCode: "A-1" }, "practiceOdsCode"],
    ["an asterisk in an e-mail address", { ...LEAST, email: "a*@example.com" }, "email"],
    ["an asterisk in a phone number", { ...LEAST, phone: "0163*" }, "phone"],
    ["no results", { ...LEAST, maxResults: 0 }, "maxResults"],
    ["fifty-one results", { ...LEAST, maxResults: 51 }, "maxResults"],
    ["fuzzy with a beginning", { ...BORN, familyStartsWith: "Oa", given: ["Ida"], fuzzy: true }, "fuzzy"],
    ["exact with a beginning", { ...LEAST, postcodeStartsWith: "XX", exact: true }, "exact"],
    ["exact and fuzzy", { ...LEAST, given: ["Ida"], fuzzy: true, exact: true }, "exact"],
  ])("%s", (_case, details, field) => {
    expect(faultOf(details)).toBe(field);
  });

  it.each<[TraceDetails, string]>([
    [{ ...LEAST, family: "Sm*t*" }, "familyStartsWith"],
    [{ ...LEAST, given: ["Id*"] }, "givenStartsWith"],
    [{ ...LEAST, postcode: "XX*" }, "postcodeStartsWith"],
  ])("with the field for a beginning when %j has a wildcard", (details, other) => {
    expect(() => toTraceCriteria(details)).toThrow(other);
  });

  it("without its value in the message", () => {
    for (const details of [
      { ...LEAST, family: "Canary\u0007" },
      { ...LEAST, gender: "canary" },
    ]) {
      expect(() => toTraceCriteria(details)).toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/canary/i) }),
      );
    }
  });
});

it("search details lose repeated blanks and get composed accents", () => {
  const criteria = toTraceCriteria({
    ...BORN,
    familyStartsWith: " O'Fe\u0301  ar ",
    given: ["John  Paul", "James"],
    gender: " Female ",
    practiceOdsCode: "a20047",
  });
  expect(criteria).toMatchObject({
    family: { text: "O'F\u00e9 ar", isPrefix: true },
    given: [
      { text: "John Paul", isPrefix: false },
      { text: "James", isPrefix: false },
    ],
    gender: "female",
    practice: "A20047",
  });
});

it.each<[TraceDetails, boolean]>([
  [LEAST, false],
  [{ ...LEAST, postcode: "XX1 1AA" }, true],
  [{ ...LEAST, postcodeStartsWith: "XX" }, true],
  [{ ...LEAST, practiceOdsCode: "A20047" }, true],
])("knows that %j hides restricted records: %p", (details, hidden) => {
  expect(hidesRestricted(toTraceCriteria(details))).toBe(hidden);
});
