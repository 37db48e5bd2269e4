import { buildSchema, parse } from "graphql";
import { requestHeaders, toCurlCommand } from "../../src/explorer/request.js";
import { collectResponseValues, type ResponseValues } from "../../src/explorer/response-values.js";
import {
  fillPlaceholders,
  findPlaceholders,
  parseObject,
  setVariable,
} from "../../src/explorer/variables.js";

describe("setting a number in the variables", () => {
  test.each([
    ["the property with its name", { nhsNumber: "1" }, [], { nhsNumber: "2" }],
    [
      "a property inside an input",
      { input: { nhsNumber: "1", a: 1 } },
      [],
      { input: { nhsNumber: "2", a: 1 } },
    ],
    [
      "the first of several properties",
      { r: [{ nhsNumber: "1" }, { nhsNumber: "3" }] },
      [],
      { r: [{ nhsNumber: "2" }, { nhsNumber: "3" }] },
    ],
    ["a list under the plural name", { nhsNumbers: ["1"] }, [], { nhsNumbers: ["1", "2"] }],
    ["a list that has the number already", { nhsNumbers: ["2"] }, [], { nhsNumbers: ["2"] }],
    ["a variable that only the operation declares", { a: 1 }, ["nhsNumber"], { a: 1, nhsNumber: "2" }],
    ["a list variable that only the operation declares", {}, ["nhsNumbers"], { nhsNumbers: ["2"] }],
    ["nothing that fits", { odsCode: "T81001" }, ["odsCode"], undefined],
  ])("changes %s", (_case, variables, declared, expected) => {
    const before = structuredClone(variables);
    expect(setVariable(variables, declared, "nhsNumber", "2")).toEqual(expected);
    expect(variables).toEqual(before);
  });
});

describe("values of earlier responses", () => {
  const schema = buildSchema(`
    type Query { patient: Patient }
    type Mutation { book: Result }
    type Patient { name: String slots: [Slot!] appointments: [Appointment!] }
    type Slot { id: ID! start: String! }
    union Result = Booked | Taken
    interface SpineProblem { code: String! }
    type Booked { appointment: Appointment! }
    type Taken implements SpineProblem { code: String! }
    type Appointment { id: ID! version: String! }
  `);
  const none: ResponseValues = new Map();
  const collect = (before: ResponseValues, query: string, data: unknown) =>
    collectResponseValues(before, schema, parse(query), undefined, data);

  test("the first object of a type is collected, through aliases and fragments", () => {
    const after = collect(none, "{ p: patient { free: slots { ...S start } } } fragment S on Slot { id }", {
      p: {
        free: [
          { id: "a", start: "9" },
          { id: "b", start: "10" },
        ],
      },
    });
    expect(Object.fromEntries(after)).toEqual({ "Slot.id": "a", "Slot.start": "9" });
  });

  test("a known object is preferred, and its values are updated", () => {
    const booked = collect(
      none,
      "mutation { book { ... on Booked { appointment { id version } } ... on SpineProblem { code } } }",
      {
        book: { appointment: { id: "mine", version: "1" } },
      },
    );
    expect(Object.fromEntries(booked)).toEqual({ "Appointment.id": "mine", "Appointment.version": "1" });
    const listed = collect(booked, "{ patient { appointments { id version } } }", {
      patient: {
        appointments: [
          { id: "other", version: "7" },
          { id: "mine", version: "2" },
        ],
      },
    });
    expect(Object.fromEntries(listed)).toEqual({ "Appointment.id": "mine", "Appointment.version": "2" });
  });

  test("an id and a version never come from two objects of one type", () => {
    const before: ResponseValues = new Map([
      ["Appointment.id", "old"],
      ["Appointment.version", "9"],
      ["Slot.id", "a"],
    ]);
    const after = collect(before, "{ patient { appointments { id } } }", {
      patient: { appointments: [{ id: "new" }] },
    });
    expect(Object.fromEntries(after)).toEqual({ "Appointment.id": "new", "Slot.id": "a" });
  });

  test("a response without data changes no value", () => {
    expect(collect(none, "{ patient { name } }", { patient: null })).toEqual(none);
    expect(collect(none, "{ patient { name } }", undefined)).toEqual(none);
  });

  test("placeholders are filled at any depth; one without a value stays and is reported", () => {
    const variables = {
      input: { slotIds: ["{{Slot.id}}"], id: "{{Appointment.id}}", text: "no {{Slot.id}} here" },
    };
    const filled = fillPlaceholders(variables, new Map([["Slot.id", "a"]]));
    expect(filled).toEqual({
      input: { slotIds: ["a"], id: "{{Appointment.id}}", text: "no {{Slot.id}} here" },
    });
    expect(findPlaceholders(filled)).toEqual(["Appointment.id"]);
  });
});

describe("the request of the explorer", () => {
  test("an empty editor means no variables; anything but a JSON object is rejected with a message", () => {
    expect(parseObject("  ", "Variables")).toEqual({});
    expect(() => parseObject("[1]", "Variables")).toThrow("Variables must be a JSON object");
    expect(() => parseObject("{", "Headers")).toThrow(/^Headers are not valid JSON/);
  });

  test("every request sends the session and asks for the call log", () => {
    expect(requestHeaders("s-1", { Authorization: "Bearer x" })).toMatchObject({
      "spine-session": "s-1",
      "spine-trace": "1",
      authorization: "Bearer x",
    });
  });

  test("the curl command escapes single quotation marks", () => {
    const command = toCurlCommand(
      "http://localhost/graphql",
      { query: '{ a(b: "it\'s") }', variables: {} },
      { a: "b" },
    );
    expect(command).toBe(
      `curl -s 'http://localhost/graphql' -H 'a: b' --data-raw '{"query":"{ a(b: \\"it'\\''s\\") }","variables":{}}'`,
    );
  });
});
