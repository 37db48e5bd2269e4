import fc from "fast-check";
import { hasDuplicateNames, JsonEditor, memberOf, valueIn } from "../../../src/upstreams/ssp/json-text.js";

function edit(text: string, change: (editor: JsonEditor) => void): string {
  const editor = new JsonEditor(text);
  change(editor);
  return editor.toString();
}

function remove(editor: JsonEditor, name: string): void {
  const member = memberOf(editor.root, name);
  if (member) editor.remove(member);
}

describe("a JSON text that is edited", () => {
  const text = '{ "a" : 1.10,\n\t"b":[1e400 , -0, 12345678901234567890],"\\u0063":"\\u00e9\\ud800" }';

  it.each<[string, (editor: JsonEditor) => void, string]>([
    ["nothing", () => undefined, text],
    [
      "a member in its place",
      (editor) => editor.setMember(editor.root, "a", '"x"'),
      '{ "a" : "x",\n\t"b":[1e400 , -0, 12345678901234567890],"\\u0063":"\\u00e9\\ud800" }',
    ],
    [
      "a new member",
      (editor) => editor.setMember(editor.root, "d", "null"),
      '{ "a" : 1.10,\n\t"b":[1e400 , -0, 12345678901234567890],"\\u0063":"\\u00e9\\ud800","d":null }',
    ],
    [
      "the first member removed",
      (editor) => remove(editor, "a"),
      '{ "b":[1e400 , -0, 12345678901234567890],"\\u0063":"\\u00e9\\ud800" }',
    ],
    [
      "the last member removed, by its unescaped name",
      (editor) => remove(editor, "c"),
      '{ "a" : 1.10,\n\t"b":[1e400 , -0, 12345678901234567890] }',
    ],
    [
      "an item appended",
      (editor) => editor.appendToMember(editor.root, "b", "7"),
      '{ "a" : 1.10,\n\t"b":[1e400 , -0, 12345678901234567890,7],"\\u0063":"\\u00e9\\ud800" }',
    ],
  ])("stays as it was except for %s", (_name, change, expected) => {
    expect(edit(text, change)).toBe(expected);
  });

  it.each([
    ['{"x":[]}', '{"x":[1]}'],
    ["{}", '{"x":[1]}'],
    ["{ }", '{ "x":[1]}'],
    ['{"x":{"y":1.0}}', '{"x":[{"y":1.0},1]}'],
  ])("gets a list where there was none: %s", (before, after) => {
    expect(edit(before, (editor) => editor.appendToMember(editor.root, "x", "1")).replace(/ /g, "")).toBe(
      after.replace(/ /g, ""),
    );
  });

  it("gets a list again after all its items were removed", () => {
    const changed = edit('{"x":[1,2],"y":3}', (editor) => {
      remove(editor, "x");
      editor.appendToMember(editor.root, "x", "4");
    });
    expect(changed).toBe('{"x":[4],"y":3}');
  });

  it("is what parsing, changing and serialising would give, for any document", () => {
    const document = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(document, fc.array(fc.nat()), fc.jsonValue(), (value, picks, other) => {
        const names = Object.keys(value).filter((name) => name !== "__proto__");
        const removed = picks.flatMap((pick) => names[pick % (names.length || 1)] ?? []);
        const changed = edit(JSON.stringify(value, null, picks.length % 3), (editor) => {
          for (const name of removed) remove(editor, name);
          editor.setMember(editor.root, "set", JSON.stringify(other));
        });
        const kept = Object.entries(value).filter(([name]) => !removed.includes(name));
        expect(JSON.parse(changed)).toEqual(
          JSON.parse(JSON.stringify(Object.fromEntries([...kept, ["set", other]]))),
        );
      }),
    );
  });

  it("keeps the source of every number of any document", () => {
    const number = fc.oneof(
      fc.constantFrom("1.10", "0.0", "-0", "1e5", "1E+400", "12345678901234567890.10"),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => JSON.stringify(one)),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), (numbers) => {
        const source = `{"n":[${numbers.join(" , ")}],"comment":"x"}`;
        const changed = edit(source, (editor) => editor.setMember(editor.root, "comment", '"y"'));
        expect(changed).toBe(source.replace('"x"', '"y"'));
      }),
    );
  });
});

it.each([
  ['{"a":1,"a":2}', true],
  ['{"a":{"b":[{"c":1,"c":1}]}}', true],
  ['{"a":1,"\\u0061":2}', true],
  ['{"a":{"a":1},"b":{"a":1}}', false],
  ['[{"a":1},{"a":1}]', false],
])("duplicate member names of %s are found: %p", (text, expected) => {
  expect(hasDuplicateNames(new JsonEditor(text).root)).toBe(expected);
});

it("the value of a member that is missing is undefined", () => {
  const { root } = new JsonEditor('{"a":1}');
  expect(memberOf(root, "b")).toBeUndefined();
  const member = memberOf(root, "a");
  expect(member && valueIn(member)?.value).toBe(1);
});
