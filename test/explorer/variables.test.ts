import { buildSchema, parse } from "graphql";
import { type Remembered, remember } from "../../src/explorer/remembered.js";
import { asCurl, requestHeaders } from "../../src/explorer/request.js";
import {
  fillPlaceholders,
  openPlaceholders,
  parseObject,
  putVariable,
} from "../../src/explorer/variables.js";

describe("putting a number into the variables", () => {
  test.each([
    ["by name", { nhsNumber: "1" }, [], { nhsNumber: "2" }],
    ["inside an input", { input: { nhsNumber: "1", a: 1 } }, [], { input: { nhsNumber: "2", a: 1 } }],
    [
      "into the first of several",
      { r: [{ nhsNumber: "1" }, { nhsNumber: "3" }] },
      [],
      { r: [{ nhsNumber: "2" }, { nhsNumber: "3" }] },
    ],
    ["into a list", { nhsNumbers: ["1"] }, [], { nhsNumbers: ["1", "2"] }],
    ["into a list that has it", { nhsNumbers: ["2"] }, [], { nhsNumbers: ["2"] }],
    ["where only the operation names it", { a: 1 }, ["nhsNumber"], { a: 1, nhsNumber: "2" }],
    ["where the operation names a list", {}, ["nhsNumbers"], { nhsNumbers: ["2"] }],
    ["nowhere", { odsCode: "T81001" }, ["odsCode"], undefined],
  ])("%s", (_case, variables, declared, expected) => {
    const before = structuredClone(variables);
    expect(putVariable(variables, declared, "nhsNumber", "2")).toEqual(expected);
    expect(variables).toEqual(before);
  });
});

describe("going on from an earlier answer", () => {
  const schema = buildSchema(`
    type Query { patient: Patient }
    type Mutation { book: Result }
    type Patient { name: String slots: [Slot!] appointments: [Appointment!] }
    type Slot { id: ID! start: String! }
    union Result = Booked | Taken
    interface Problem { code: String! }
    type Booked { appointment: Appointment! }
    type Taken implements Problem { code: String! }
    type Appointment { id: ID! version: String! }
  `);
  const nothing: Remembered = new Map();
  const seen = (before: Remembered, query: string, data: unknown) =>
    remember(before, schema, parse(query), undefined, data);

  test("the first object of a type is remembered, through aliases and fragments", () => {
    const after = seen(nothing, "{ p: patient { free: slots { ...S start } } } fragment S on Slot { id }", {
      p: {
        free: [
          { id: "a", start: "9" },
          { id: "b", start: "10" },
        ],
      },
    });
    expect(Object.fromEntries(after)).toEqual({ "Slot.id": "a", "Slot.start": "9" });
  });

  test("an object known already is kept, and read anew", () => {
    const booked = seen(
      nothing,
      "mutation { book { ... on Booked { appointment { id version } } ... on Problem { code } } }",
      {
        book: { appointment: { id: "mine", version: "1" } },
      },
    );
    expect(Object.fromEntries(booked)).toEqual({ "Appointment.id": "mine", "Appointment.version": "1" });
    const listed = seen(booked, "{ patient { appointments { id version } } }", {
      patient: {
        appointments: [
          { id: "other", version: "7" },
          { id: "mine", version: "2" },
        ],
      },
    });
    expect(Object.fromEntries(listed)).toEqual({ "Appointment.id": "mine", "Appointment.version": "2" });
  });

  test("an id and a version never come from two objects", () => {
    const before: Remembered = new Map([
      ["Appointment.id", "old"],
      ["Appointment.version", "9"],
      ["Slot.id", "a"],
    ]);
    const after = seen(before, "{ patient { appointments { id } } }", {
      patient: { appointments: [{ id: "new" }] },
    });
    expect(Object.fromEntries(after)).toEqual({ "Appointment.id": "new", "Slot.id": "a" });
  });

  test("an answer without data changes nothing", () => {
    expect(seen(nothing, "{ patient { name } }", { patient: null })).toEqual(nothing);
    expect(seen(nothing, "{ patient { name } }", undefined)).toEqual(nothing);
  });

  test("places are filled at any depth; one that cannot be filled stays, and is named", () => {
    const variables = {
      input: { slotIds: ["{{Slot.id}}"], id: "{{Appointment.id}}", text: "no {{Slot.id}} here" },
    };
    const filled = fillPlaceholders(variables, new Map([["Slot.id", "a"]]));
    expect(filled).toEqual({
      input: { slotIds: ["a"], id: "{{Appointment.id}}", text: "no {{Slot.id}} here" },
    });
    expect(openPlaceholders(filled)).toEqual(["Appointment.id"]);
  });
});

describe("what is sent", () => {
  test("an empty editor means no variables; anything but an object is refused in words", () => {
    expect(parseObject("  ", "Variables")).toEqual({});
    expect(() => parseObject("[1]", "Variables")).toThrow("Variables must be a JSON object");
    expect(() => parseObject("{", "Headers")).toThrow(/^Headers are not JSON/);
  });

  test("the session and the wish for a trace always go along", () => {
    expect(requestHeaders("s-1", { Authorization: "Bearer x" })).toMatchObject({
      "spine-session": "s-1",
      "spine-trace": "1",
      authorization: "Bearer x",
    });
  });

  test("the curl command survives any quotation mark", () => {
    const command = asCurl(
      "http://localhost/graphql",
      { query: '{ a(b: "it\'s") }', variables: {} },
      { a: "b" },
    );
    expect(command).toBe(
      `curl -s 'http://localhost/graphql' -H 'a: b' --data-raw '{"query":"{ a(b: \\"it'\\''s\\") }","variables":{}}'`,
    );
  });
});
