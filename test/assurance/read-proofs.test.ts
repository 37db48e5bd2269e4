import { readProofs } from "./read-proofs.js";

const lines = (...all: string[]) => all.join("\n");
const read = (...all: string[]) => readProofs("unit/some.test.ts", lines(...all));

test("ids belong to the test or suite under them, with the titles around it", () => {
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

test("letters of more than one byte move nothing", () => {
  expect(read('test("€ 名", () => {});', "// Proves A-1.", 'test("next", () => {});').proofs).toEqual([
    { file: "unit/some.test.ts", titles: ["next"], ids: ["A-1"] },
  ]);
});

test.each<[string, string[], string]>([
  ["over a blank line", ["// Proves A-1.", "", 'test("t", () => {});'], "stands over no test"],
  ["over a helper", ["// Proves A-1.", "const a = 1;"], "stands over no test"],
  ["over a suite under another name", ["// Proves A-1.", 'maybe("t", () => {});'], "stands over no test"],
  ["in a comment of another kind", ["/** Proves A-1. */", 'test("t", () => {});'], "stands over no test"],
  ["with a colon", ["// Proves: A-1.", 'test("t", () => {});'], "stands over no test"],
  ["without an end", ["// Proves A-1", 'test("t", () => {});'], "full stop"],
  ["over a skipped test", ["// Proves A-1.", 'test.skip("t", () => {});'], "is skipped"],
  ["over a test to come", ["// Proves A-1.", 'test.todo("t");'], "is skipped"],
  ["over a crossed-out test", ["// Proves A-1.", 'xtest("t", () => {});'], "is skipped"],
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
])("a mark %s counts for nothing, and is told", (_case, source, fault) => {
  const { proofs, faults } = read(...source);

  expect(proofs.flatMap(({ ids }) => ids)).toEqual([]);
  expect(faults).toEqual([expect.stringContaining(fault)]);
});

test("a mark in a file of which jest runs no test is told", () => {
  expect(readProofs("unit/helper.ts", "// Proves A-1.\n").faults).toEqual([
    "unit/helper.ts: jest runs no test of this file",
  ]);
});
