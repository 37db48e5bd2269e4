import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema } from "graphql";
import { parse } from "yaml";

const ROUTERS = join(__dirname, "../federation/routers");
const ROOT = join(__dirname, "../..");

/** The list of `docs/federation.md`. */
function documentedHeaders(): string[] {
  const page = readFileSync(join(ROOT, "docs/federation.md"), "utf8");
  const [, list = ""] = /pass the request headers ([^.]*)\./.exec(page) ?? [];
  return [...list.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name.toLowerCase()).sort();
}

test.each(["hive-router.yaml", "apollo-router.yaml", "cosmo-router.yaml"])(
  "%s passes the headers that docs/federation.md lists",
  (file) => {
    const { headers } = parse(readFileSync(join(ROUTERS, file), "utf8"));
    const rules: { named?: string; propagate?: { named: string | string[] } }[] = headers.all.request;
    const passed = rules.flatMap(({ named, propagate }) => propagate?.named ?? named ?? []);

    expect(passed.map((name) => name.toLowerCase()).sort()).toEqual(documentedHeaders());
  },
);

test("the supergraph for routers composes and has both subgraphs", () => {
  const printed = execFileSync(process.execPath, [join(ROUTERS, "print-supergraph.js")], {
    encoding: "utf8",
  });

  expect(printed).toContain("SPINE @join__graph");
  expect(printed).toContain("CARE_PLANS @join__graph");
  expect(buildSchema(printed, { assumeValidSDL: true }).getType("Patient")).toBeDefined();
});
