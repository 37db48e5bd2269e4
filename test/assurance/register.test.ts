import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { HAZARDS, RULES } from "./register.js";
import { rule } from "./rule.js";
import { expandIds, readSourceHazards, readSourceRules } from "./source-rows.js";

/** The notes lie beside the repository and are not part of it. */
const NOTES = resolve(__dirname, "../../../shared/domain/consumer-assurance.md");
const maybe = existsSync(NOTES) ? describe : describe.skip;

maybe("the register against the assurance notes", () => {
  const notes = existsSync(NOTES) ? readFileSync(NOTES, "utf8") : "";

  test("has the same rules, in the same order, with the same marks", () => {
    const registered = RULES.map(({ id, marks }) => ({ id, marks: marks.join(", ") }));

    expect(registered).toEqual(readSourceRules(notes));
  });

  test("has the same hazards", () => {
    const { numbers, ownRows } = readSourceHazards(notes);
    const registered = HAZARDS.map(({ id }) => id.replace("HAZ-", ""));
    const isNumbered = (id: string) => /^[\d-]+$/.test(id);

    expect(registered.filter(isNumbered).flatMap((id) => id.split("-"))).toEqual(numbers);
    expect(registered.filter((id) => !isNumbered(id))).toHaveLength(ownRows);
  });
});

test.each([
  ["A-01/1 … /3", ["A-01/1", "A-01/2", "A-01/3"]],
  ["A-01/7, /8", ["A-01/7", "A-01/8"]],
  ["A-GEN-18, -19, -25", ["A-GEN-18", "A-GEN-19", "A-GEN-25"]],
  ["A-CORE10, -11", ["A-CORE10", "A-CORE11"]],
  ["A-BPA-1-7, -2-3", ["A-BPA-1-7", "A-BPA-2-3"]],
  ["A-PRE-2, -2.1", ["A-PRE-2", "A-PRE-2.1"]],
  ["A-MPA, -1", ["A-MPA", "A-MPA-1"]],
  ["US02, US05", ["US02", "US05"]],
  ["US07–US09", ["US07", "US08", "US09"]],
  ["ATest2, 3", ["ATest2", "ATest3"]],
  ["A-CORE02 (1)", ["A-CORE02(1)"]],
])("the cell %s expands to its ids", (cell, ids) => {
  expect(expandIds(cell)).toEqual(ids);
});

test("an unknown mark throws", () => {
  expect(() => rule("A-1", "X", "words")).toThrow('A-1: "X" is not a mark');
});
