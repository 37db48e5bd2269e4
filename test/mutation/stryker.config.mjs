import { createRequire } from "node:module";
import { AREAS } from "./areas.mjs";

const require = createRequire(import.meta.url);
const jestConfig = require("../../jest.config.js");

const name = process.env.MUTATION_AREA ?? "";
const area = AREAS[name];
if (area === undefined) throw new Error(`MUTATION_AREA must be one of: ${Object.keys(AREAS).join(", ")}`);

/** One area at a time: its files are mutated, and only its suites run. @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "jest",
  mutate: area.mutate,
  coverageAnalysis: "perTest",
  concurrency: 1,
  jest: {
    config: {
      ...jestConfig,
      testMatch: area.suites.map((suite) => `**/${suite}`),
      reporters: [],
      maxWorkers: 1,
    },
    enableFindRelatedTests: false,
  },
  // The compiler is not part of a mutant's test, and its settings need no rewriting in the copy.
  tsconfigFile: "none.json",
  ignorePatterns: ["dist", "var", "docs/images", ".github"],
  reporters: ["json", "progress-append-only"],
  jsonReporter: { fileName: `var/mutation/${name}.json` },
  tempDirName: "var/mutation/tmp",
  timeoutMS: 10_000,
  timeoutFactor: 2,
  // A mutant of a constant would need every test of its area; the suites of `test/unit` and the list of mutations cover those.
  ignoreStatic: true,
  allowEmpty: false,
};
