import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadOperations } from "../../src/server/operations.js";

describe("loading documented operations", () => {
  let directory: string;
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "operations-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("operations are sorted by file name, with title and description from the leading comment", () => {
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

  test("an operation without a leading comment gets its title from the file name", () => {
    write("03-free-slots.graphql", "{ slots }");
    expect(loadOperations(directory)[0]).toMatchObject({ title: "Free slots", query: "{ slots }\n" });
  });

  test("an operation file may start with a fragment", () => {
    write("01-a.graphql", "fragment F on T { a }\nmutation M { m { ...F } }");
    expect(loadOperations(directory)[0]?.kind).toBe("mutation");
  });

  test("the error names the file that cannot be loaded", () => {
    write("01-a.graphql", "fragment F on T { a }");
    expect(() => loadOperations(directory)).toThrow("01-a.graphql contains no query and no mutation");
    write("01-a.graphql", "{ a }");
    write("01-a.variables.json", "[1]");
    expect(() => loadOperations(directory)).toThrow(/01-a\.variables\.json must contain a JSON object/);
  });

  test("a missing directory has no operations", () => {
    expect(loadOperations(join(directory, "elsewhere"))).toEqual([]);
  });

  test("all operations of this repository load and have a title", () => {
    expect(loadOperations(join(__dirname, "../operations")).map(({ title }) => title)).not.toContain("");
  });
});
