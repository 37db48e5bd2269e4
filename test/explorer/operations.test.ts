import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadOperations } from "../../src/server/operations.js";

describe("the documented operations", () => {
  let directory: string;
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "operations-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("come in the order of their names, with what their leading comment says", () => {
    write("10-book.graphql", "# Book it.\n\nmutation Book { book }\n");
    write(
      "02-ask.graphql",
      "# Ask\r\n# One call.\r\n#\r\n# Never two.\r\n\r\nquery Ask {\r\n  # Kept.\r\n  ask\r\n}\r\n",
    );
    write("02-ask.variables.json", '{ "n": 1 }');
    write("README.md", "not an operation");
    expect(loadOperations(directory)).toEqual([
      {
        id: "02-ask",
        title: "Ask",
        description: "One call. Never two.",
        kind: "query",
        query: "query Ask {\n  # Kept.\n  ask\n}\n",
        variables: { n: 1 },
      },
      {
        id: "10-book",
        title: "Book it",
        description: "",
        kind: "mutation",
        query: "mutation Book { book }\n",
        variables: {},
      },
    ]);
  });

  test("are named after their file when no comment leads them", () => {
    write("03-free-slots.graphql", "{ slots }");
    expect(loadOperations(directory)[0]).toMatchObject({ title: "Free slots", query: "{ slots }\n" });
  });

  test("may begin with fragments", () => {
    write("01-a.graphql", "fragment F on T { a }\nmutation M { m { ...F } }");
    expect(loadOperations(directory)[0]?.kind).toBe("mutation");
  });

  test("name the file that cannot be used", () => {
    write("01-a.graphql", "fragment F on T { a }");
    expect(() => loadOperations(directory)).toThrow("01-a.graphql holds no query and no mutation");
    write("01-a.graphql", "{ a }");
    write("01-a.variables.json", "[1]");
    expect(() => loadOperations(directory)).toThrow(/01-a\.variables\.json must hold a JSON object/);
  });

  test("are none where there is no directory", () => {
    expect(loadOperations(join(directory, "elsewhere"))).toEqual([]);
  });

  test("of this repository load", () => {
    expect(loadOperations(join(__dirname, "../operations")).map(({ title }) => title)).not.toContain("");
  });
});
