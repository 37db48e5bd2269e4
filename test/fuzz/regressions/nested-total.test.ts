import { isIncompleteBundle } from "../../../src/upstreams/searchset.js";

const NEST = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);

it.each([
  ["a deep nest of lists", NEST, false],
  ["an object", {}, false],
  ["a list of a number", [400], false],
  ["a negative number", -1, false],
  ["a text that is no number", "many", false],
  ["a number", 400, true],
  ["a number as text", "400", true],
])("a total that is %s is read without a crash", (_name, total, expected) => {
  expect(isIncompleteBundle({ total, entry: [] }, "Slot")).toBe(expected);
});
