// These packages are published as ES modules only; everything else in node_modules needs no transform. The last one has
// dynamic imports, which jest cannot run without a flag of Node.
const TRANSFORMED =
  "jose|p-limit|yocto-queue|temporal-polyfill|temporal-utils|temporal-spec|@opentelemetry/otlp-exporter-base";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  // Gateways run in processes of their own, and their many files need no index.
  modulePathIgnorePatterns: ["<rootDir>/test/federation/node_modules/"],
  testMatch: ["**/*.test.ts", "**/*.e2e.ts"],
  setupFiles: ["reflect-metadata"],
  // By default jest leaves one core idle, which halves the speed on a machine with two.
  maxWorkers: "100%",
  // Whole-server tests wait for real pauses between retries, and CI has two cores.
  testTimeout: 20_000,
  coverageProvider: "v8",
  collectCoverageFrom: ["src/**/*.ts", "!src/{explorer,sandbox-console,web-ui}/**"],
  transform: { "^.+\\.ts$": "@swc/jest", [`node_modules/(${TRANSFORMED})/.+\\.js$`]: "@swc/jest" },
  transformIgnorePatterns: [`/node_modules/(?!(${TRANSFORMED})/)`],
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": "$1",
    // The gateways have copies of their own, beside the suites that start them.
    "^(graphql|@theguild/federation-composition)$": "<rootDir>/node_modules/$1",
  },
  reporters: ["default", "<rootDir>/test/support/summary-reporter.js"],
};
