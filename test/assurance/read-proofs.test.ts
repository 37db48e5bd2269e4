import { readProofs } from "./read-proofs.js";

const lines = (...all: string[]) => all.join("\n");
const read = (...all: string[]) => readProofs("unit/some.test.ts", lines(...all));

test("a proof comment belongs to the test or suite below it, with the titles around it", () => {
  expect(
    read(
      "// Proves A-1.",
      'describe("outer", () => {',
      "  // A comment of another kind, and then:",
      "  // Proves A-2, B-1.5,",
      "  // C(1).",
      "  test.each([1])(`inner %s`, () => {});",
      "});",
      "// Proves D-1.",
      'describeNeeding("slapd", "needy", () => {});',
    ),
  ).toEqual({
    proofs: [
      { file: "unit/some.test.ts", titles: ["outer"], ids: ["A-1"] },
      { file: "unit/some.test.ts", titles: ["outer", "inner %s"], ids: ["A-2", "B-1.5", "C(1)"] },
      { file: "unit/some.test.ts", titles: ["needy"], ids: ["D-1"] },
    ],
    faults: [],
  });
});

test("multi-byte characters do not shift the position of a proof comment", () => {
  expect(read('test("€ 名", () => {});', "// Proves A-1.", 'test("next", () => {});').proofs).toEqual([
    { file: "unit/some.test.ts", titles: ["next"], ids: ["A-1"] },
  ]);
});

test.each<[string, string[], string]>([
  ["above a blank line", ["// Proves A-1.", "", 'test("t", () => {});'], "is above no test"],
  ["above a helper", ["// Proves A-1.", "const a = 1;"], "is above no test"],
  ["above a suite with another name", ["// Proves A-1.", 'maybe("t", () => {});'], "is above no test"],
  ["of another comment style", ["/** Proves A-1. */", 'test("t", () => {});'], "is above no test"],
  ["with a colon", ["// Proves: A-1.", 'test("t", () => {});'], "is above no test"],
  ["without a full stop", ["// Proves A-1", 'test("t", () => {});'], "full stop"],
  ["above a skipped test", ["// Proves A-1.", 'test.skip("t", () => {});'], "is skipped"],
  ["above a todo test", ["// Proves A-1.", 'test.todo("t");'], "is skipped"],
  ["above an xtest", ["// Proves A-1.", 'xtest("t", () => {});'], "is skipped"],
  [
    "in a skipped suite",
    ['describe.skip("s", () => {', "// Proves A-1.", 'test("t", () => {});', "});"],
    "is skipped",
  ],
  [
    "in a suite that may be skipped",
    [
      "const maybe = found ? describe : describe.skip;",
      'maybe("s", () => {',
      "// Proves A-1.",
      'test("t", () => {});',
      "});",
    ],
    "is skipped",
  ],
])("a proof comment %s is ignored and reported", (_case, source, fault) => {
  const { proofs, faults } = read(...source);

  expect(proofs.flatMap(({ ids }) => ids)).toEqual([]);
  expect(faults).toEqual([expect.stringContaining(fault)]);
});

test("a proof comment in a file without tests is reported", () => {
  expect(readProofs("unit/helper.ts", "// Proves A-1.\n").faults).toEqual([
    "unit/helper.ts: jest runs no tests in this file",
  ]);
});
