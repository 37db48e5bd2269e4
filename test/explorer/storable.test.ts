import { parse } from "graphql";
import type { ExplorerConfig } from "../../src/explorer/config.js";
import { parseDeepLink, toDeepLink } from "../../src/explorer/deep-link.js";
import { toEditorState } from "../../src/explorer/editor-state.js";
import { addToHistory, loadHistory, saveHistory, toStorableHistory } from "../../src/explorer/history.js";
import { createIsStorable, toStorableQuery, toStorableVariables } from "../../src/explorer/storable.js";

const operation = {
  id: "01-patient",
  title: "Patient",
  description: "",
  kind: "query" as const,
  query: "query Patient($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { nhsNumber } }",
  variables: { nhsNumber: "9000000009" },
};
const config: ExplorerConfig = {
  operations: [operation],
  personas: { patients: [{ nhsNumber: "9990000034", name: "Ada Quill", case: "" }], practices: [] },
  graphqlPath: "/graphql",
};
/** Nobody has published this number. */
const OTHER_NUMBER = "9990000042";
const PAGE = "http://localhost:4000/?operation=old#03-card";
const isStorable = createIsStorable(config);
const stateWith = (variables: object, query = operation.query) => ({
  ...toEditorState(operation, new Map()),
  query,
  variables: JSON.stringify(variables),
});

describe("variables that may outlive the session", () => {
  test("are examples of the page, synthetic patients, ODS codes, dates of a search, counts and flags", () => {
    const variables = {
      nhsNumber: "9000000009",
      other: "9990000034",
      odsCode: "T81001",
      odsCodes: ["T81001", "YES"],
      from: "2026-11-24",
      to: "2026-11-25T09:00:00+00:00",
      first: 20,
      flag: true,
      nothing: null,
    };
    expect(toStorableVariables(variables, isStorable)).toEqual({ value: variables, omitted: [] });
  });

  test.each([
    ["an NHS number", { nhsNumber: OTHER_NUMBER }, "nhsNumber"],
    ["an NHS number as a JSON number", { nhsNumber: 9990000042 }, "nhsNumber"],
    ["an NHS number with spaces", { nhsNumber: "999 000 0042" }, "nhsNumber"],
    ["an NHS number in place of an ODS code", { odsCode: OTHER_NUMBER }, "odsCode"],
    ["an NHS number in place of a date", { from: OTHER_NUMBER }, "from"],
    ["a date of birth", { input: { birthDate: "1980-01-01" } }, "birthDate"],
    ["a name in a list", { input: { given: ["Ada"] } }, "given"],
    ["a postcode", { postcode: "LS1 4AP" }, "postcode"],
    ["free text", { input: { description: "Review" } }, "description"],
  ])("leave out %s and name it", (_case, variables, name) => {
    const { value, omitted } = toStorableVariables(variables, isStorable);
    expect(omitted).toEqual([name]);
    expect(JSON.stringify(value)).not.toMatch(/999|1980|Ada|LS1|Review/);
  });

  test("leave out an NHS number that is a key", () => {
    expect(toStorableVariables({ [OTHER_NUMBER]: true }, isStorable).value).toEqual({});
  });
});

describe("a query that may outlive the session", () => {
  test.each([
    ["a text", `{ patient(nhsNumber: "${OTHER_NUMBER}") { nhsNumber } }`],
    ["a number", `{ patient(nhsNumber: ${OTHER_NUMBER}) { nhsNumber } }`],
    ["a block text", '{ tracePatient(input: { family: """Quill""" }) { __typename } }'],
    ["a default", 'query($family: String = "Quill") { tracePatient(family: $family) { __typename } }'],
    ["an alias", `{ p${OTHER_NUMBER}: patient(nhsNumber: "9000000009") { nhsNumber } }`],
  ])("has no value that could identify a patient as %s", (_case, query) => {
    expect(toStorableQuery(parse(query), isStorable)).toBeNull();
  });

  test("keeps published values and loses its comments", () => {
    const query = `# ${OTHER_NUMBER}\n{ practice(odsCode: "T81001") { nextFreeSlots(first: 3) { id } } }`;
    const storable = toStorableQuery(parse(query), isStorable);
    expect(storable).toContain('odsCode: "T81001"');
    expect(storable).toContain("first: 3");
    expect(storable).not.toContain(OTHER_NUMBER);
  });
});

describe("deep links", () => {
  test("a link to a documented operation gives the same editors when it is opened", () => {
    const { url, omitted } = toDeepLink(stateWith({ nhsNumber: "9990000034" }), config, PAGE);
    expect(url).toBe(
      "http://localhost:4000/?operation=01-patient&variables=%7B%22nhsNumber%22%3A%229990000034%22%7D",
    );
    expect(omitted).toEqual([]);
    expect(parseDeepLink(url, config)).toMatchObject({ operation, query: operation.query });
    expect(JSON.parse(parseDeepLink(url, config)?.variables ?? "")).toEqual({ nhsNumber: "9990000034" });
  });

  test("a link to an edited query holds its text", () => {
    const query = 'query Other { practice(odsCode: "T81001") { name } }';
    const { url } = toDeepLink(stateWith({}, query), config, PAGE);
    expect(parseDeepLink(url, config)).toMatchObject({ operation: null, variables: "{}" });
    expect(parseDeepLink(url, config)?.query.replace(/\s+/g, " ")).toBe(query);
  });

  test("a link leaves out values that could identify a patient, and names them", () => {
    const { url, omitted } = toDeepLink(stateWith({ nhsNumber: OTHER_NUMBER }), config, PAGE);
    expect(omitted).toEqual(["nhsNumber"]);
    expect(url).not.toContain("999");
  });

  test("a query with the NHS number of a patient in its text gets no link", () => {
    const query = `{ patient(nhsNumber: "${OTHER_NUMBER}") { nhsNumber } }`;
    expect(() => toDeepLink(stateWith({}, query), config, PAGE)).toThrow("Move it into the variables");
  });

  test.each([
    ["no operation", "http://localhost:4000/?variables={}", null],
    ["variables that are not JSON", "http://localhost:4000/?operation=01-patient&variables={", "{"],
    ["no variables", "http://localhost:4000/?operation=01-patient", '{\n  "nhsNumber": "9000000009"\n}'],
  ])("an address with %s is read without an error", (_case, address, variables) => {
    expect(parseDeepLink(address, config)?.variables ?? null).toBe(variables);
  });
});

describe("the history", () => {
  const run = (variables: object, query = operation.query) => ({
    state: stateWith(variables, query),
    outgoing: {
      request: { query, variables: variables as Record<string, unknown>, operationName: "Patient" },
      headers: { authorization: "Bearer secret" },
      document: parse(query),
    },
  });
  const add = (history: ReturnType<typeof addToHistory>, { state, outgoing }: ReturnType<typeof run>) =>
    addToHistory(history, state, outgoing);

  test("has the latest run first, each request once, and twenty at most", () => {
    const runs = [...Array(25).keys(), 24, 10].map((first) => run({ first }));
    const history = runs.reduce(add, [] as ReturnType<typeof addToHistory>);
    expect(history.map(({ variables }) => JSON.parse(variables).first)).toEqual([
      10, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 9, 8, 7, 6, 5,
    ]);
  });

  test("stores no NHS number and no header, and no query that holds a value of a patient", () => {
    const history = [
      run({ nhsNumber: OTHER_NUMBER }),
      run({}, `query Patient { patient(nhsNumber: "${OTHER_NUMBER}") { nhsNumber } }`),
    ].reduce(add, [] as ReturnType<typeof addToHistory>);
    const stored: string[] = [];
    const storage = {
      setItem: (_key: string, value: string) => void stored.push(value),
      getItem: () => stored[0] ?? null,
    };
    saveHistory(() => storage, toStorableHistory(history, isStorable));
    expect(JSON.stringify(history)).toContain(OTHER_NUMBER);
    expect(stored).toHaveLength(1);
    expect(stored[0]).not.toMatch(/999|secret/);
    expect(loadHistory(() => storage)).toEqual([expect.objectContaining({ variables: "{}" })]);
  });

  test.each([
    ["text that is not JSON", "{"],
    ["another shape", '[{"title":"a"},{"title":"a","query":"{a}","variables":"no"},null]'],
    ["an object", "{}"],
  ])("ignores %s in the storage", (_case, text) => {
    expect(loadHistory(() => ({ getItem: () => text }))).toEqual([]);
  });

  test("works without a storage", () => {
    const closed = () => {
      throw new Error("SecurityError");
    };
    expect(loadHistory(closed)).toEqual([]);
    expect(() => saveHistory(closed, [])).not.toThrow();
  });
});
