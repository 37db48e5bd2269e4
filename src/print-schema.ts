import "reflect-metadata";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createSubgraphSchema } from "./graph/schema.js";

/** Writes `schema.graphql` from the classes; with `--check`, only says whether it is fresh. */
async function main(): Promise<void> {
  const path = resolve(__dirname, "..", "schema.graphql");
  const { sdl } = await createSubgraphSchema();
  if (!process.argv.includes("--check")) {
    writeFileSync(path, sdl);
  } else if (readFileSync(path, "utf8") !== sdl) {
    process.stderr.write("schema.graphql is stale: run npm run schema:print\n");
    process.exitCode = 1;
  }
}

void main();
