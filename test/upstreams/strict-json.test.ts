import {
  boolean,
  listOf,
  MalformedElement,
  number,
  object,
  optional,
  optionalText,
  parseJson,
  resource,
  resourceTypeOf,
  type StrictReader,
  text,
  texts,
  tryRead,
} from "../../src/upstreams/strict-json.js";

const ofPatient: StrictReader<unknown> = (value) => resource(value, "Patient");
const optionalNumber: StrictReader<unknown> = (value) => optional(value, number);
const listOfTexts: StrictReader<unknown> = (value) => listOf(value, text);

describe("a strict reader of upstream JSON", () => {
  it.each<[string, StrictReader<unknown>, unknown, unknown]>([
    ["text takes a string", text, "a", "a"],
    ["text takes an empty string", text, "", ""],
    ["number takes zero", number, 0, 0],
    ["boolean takes false", boolean, false, false],
    ["object takes an object", object, { a: 1 }, { a: 1 }],
    ["resource takes its own type", ofPatient, { resourceType: "Patient" }, { resourceType: "Patient" }],
    ["optional takes an absent element", optionalNumber, undefined, undefined],
    ["optional takes null for an absent element", optionalNumber, null, undefined],
    ["optional takes a value that is falsy", optionalNumber, 0, 0],
    ["optional text takes an empty string", optionalText, "", ""],
    ["optional text takes null for an absent element", optionalText, null, undefined],
    ["a list may be absent", listOfTexts, undefined, []],
    ["a list may be null", listOfTexts, null, []],
    ["a list keeps the order and empty strings", listOfTexts, ["b", "", "a"], ["b", "", "a"]],
    ["texts leave out null and empty items", texts, ["b", null, "", " ", "a"], ["b", " ", "a"]],
    ["texts may be null", texts, null, []],
  ])("%s", (_title, read, value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it.each<[string, StrictReader<unknown>, unknown]>([
    ["text, a number", text, 1],
    ["text, null", text, null],
    ["text, an absent element", text, undefined],
    ["text, a list with one string", text, ["a"]],
    ["number, digits as text", number, "1"],
    ["number, a number that JSON cannot hold", number, JSON.parse("1e999")],
    ["boolean, its name as text", boolean, "true"],
    ["boolean, a number", boolean, 1],
    ["object, a list", object, []],
    ["object, null", object, null],
    ["object, a string", object, "a"],
    ["resource, another type", ofPatient, { resourceType: "Person" }],
    ["resource, no type", ofPatient, {}],
    ["resource, a list with the resource", ofPatient, [{ resourceType: "Patient" }]],
    ["optional, another type", optionalNumber, "1"],
    ["optional text, false", optionalText, false],
    ["list, an object", listOfTexts, { 0: "a", length: 1 }],
    ["list, a single item without a list", listOfTexts, "a"],
    ["list, an empty string", listOfTexts, ""],
    ["list, a null among its items", listOfTexts, ["a", null]],
    ["list, one item of another type", listOfTexts, ["a", 1]],
    ["texts, one item of another type", texts, ["a", {}]],
    ["texts, a single string", texts, "a"],
  ])("refuses as %s", (_title, read, value) => {
    expect(() => read(value)).toThrow(MalformedElement);
  });

  it("fails the whole value for one malformed element", () => {
    const read = (value: unknown) => ({ names: listOf(value, (item) => text(object(item).name)) });
    expect(tryRead([{ name: "a" }], read)).toEqual({ names: ["a"] });
    expect(tryRead([{ name: "a" }, { name: ["b"] }], read)).toBeUndefined();
  });

  it("does not hide a defect as a malformed element", () => {
    const defect = new TypeError("defect");
    const read = (): object => {
      throw defect;
    };
    expect(() => tryRead({}, read)).toThrow(defect);
  });

  it("repeats nothing of the element in its failure", () => {
    expect(() => object("9000000009")).toThrow(expect.objectContaining({ message: "" }));
  });
});

describe("an upstream's body that is not a resource", () => {
  it.each(["", "{", "<html>", '\uFEFF{"a":1}'])("is not JSON when it is %j", (body) => {
    expect(parseJson(body)).toBeUndefined();
  });

  it.each([null, "Patient", {}, { resourceType: 1 }, [{ resourceType: "Patient" }]])(
    "has no resource type when it is %j",
    (value) => {
      expect(resourceTypeOf(value)).toBeUndefined();
    },
  );

  it("has the type of a resource when it is one", () => {
    expect(resourceTypeOf(parseJson('{"resourceType":"Patient"}'))).toBe("Patient");
  });
});
