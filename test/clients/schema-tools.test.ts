import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describeNeeding } from "../support/needs.js";

// The tools start from files of several megabytes.
jest.setTimeout(60_000);

const ROOT = resolve(__dirname, "..", "..");
const PACKAGES = join(__dirname, "node_modules");

const folder = mkdtempSync(join(tmpdir(), "spine-graph-clients-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a tool of the folder's packages. */
function run(
  script: string,
  args: readonly string[],
  cwd = folder,
  environment: Record<string, string> = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(PACKAGES, script), ...args], {
    cwd,
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

describeNeeding("clients", "relay-compiler", () => {
  const QUERY = `import { graphql } from "relay-runtime";
    export const query = graphql\`query pageQuery($odsCode: ID!) {
      practice(odsCode: $odsCode) {
        slots(first: 5) {
          edges { cursor node { id location { localId name } } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }\`;`;

  /** Compiles one page of an app against a published schema. */
  function compile(schema: string) {
    copyFileSync(join(ROOT, schema), join(folder, "schema.graphql"));
    writeFileSync(join(folder, "page.ts"), QUERY);
    const config = { src: ".", schema: "schema.graphql", language: "typescript" };
    writeFileSync(join(folder, "relay.config.json"), JSON.stringify(config));
    rmSync(join(folder, "__generated__"), { recursive: true, force: true });
    return run("relay-compiler/cli.js", ["relay.config.json"]);
  }

  test("compiles a paged query against schema.client.graphql", () => {
    const { status, output } = compile("schema.client.graphql");

    expect(output).toContain("1 operation text");
    expect(status).toBe(0);
    expect(readdirSync(join(folder, "__generated__"))).toEqual(["pageQuery.graphql.ts"]);
  });

  test("cannot read schema.graphql, whose federation directives it does not know", () => {
    expect(compile("schema.graphql").status).not.toBe(0);
  });
});

describeNeeding("clients", "graphql-eslint", () => {
  const lint = (schema: string) =>
    run(
      "eslint/bin/eslint.js",
      ["--no-ignore", "--config", join(__dirname, "eslint.config.mjs"), schema],
      ROOT,
      { SCHEMA: resolve(ROOT, schema) },
    );

  test("finds no fault in the client schema by its recommended rules", () => {
    const { status, output } = lint("schema.client.graphql");

    expect(output.trim()).toBe("");
    expect(status).toBe(0);
  });

  test("finds a root field without a description and a type that nothing reaches", () => {
    const path = join(__dirname, "faulty.tmp.graphql");
    writeFileSync(path, "type Query { patient: String }\ntype Lost { name: String }\n");
    const { status, output } = lint(path);
    rmSync(path);

    expect(status).toBe(1);
    expect(output).toContain("@graphql-eslint/require-description");
    expect(output).toContain("@graphql-eslint/no-unreachable-types");
  });
});
