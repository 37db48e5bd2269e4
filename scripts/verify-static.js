/**
 * Every check that runs no test: format and lint, types, freshness of generated files, composition.
 *
 *   npm run verify:static
 */
const { npmStep, runSteps } = require("./steps.js");

const CHECKS = [
  "lint",
  "types",
  "schema:check",
  "schema:client:check",
  "schema:compatibility:check",
  "codegen:check",
  "composition:check",
  "assurance:check",
  "licences",
  "secret-scan",
];

runSteps(CHECKS.flatMap(npmStep)).then((passed) => {
  process.exitCode = passed ? 0 : 1;
});
