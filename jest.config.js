const ES_MODULES = "jose|p-limit|yocto-queue|temporal-polyfill|temporal-utils|temporal-spec";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts", "**/*.e2e.ts"],
  setupFiles: ["reflect-metadata"],
  // Whole-server tests wait for real pauses between repeated attempts, and CI has two cores.
  testTimeout: 20_000,
  // A connection that a killed test server leaves behind must not hold up a run whose every test has ended.
  forceExit: true,
  coverageProvider: "v8",
  collectCoverageFrom: ["src/**/*.ts", "!src/{explorer,web-ui}/**"],
  // These are published as ES modules only; everything else in node_modules loads as it is.
  transform: { "^.+\\.ts$": "@swc/jest", [`node_modules/(${ES_MODULES})/.+\\.js$`]: "@swc/jest" },
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES})/)`],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  reporters: ["default", "<rootDir>/test/support/summary-reporter.js"],
};
