/**
 * The areas whose code a caller's safety depends on: the files that are mutated, and the suites that must notice.
 *
 * @type {Record<string, { mutate: readonly string[]; suites: readonly string[] }>}
 */
export const AREAS = {
  ids: { mutate: ["src/platform/ids/*.ts"], suites: ["unit/ids.test.ts"] },
  "right-patient": {
    mutate: ["src/upstreams/ssp/right-patient.ts"],
    suites: ["journeys/wrong-patient.test.ts", "upstreams/ssp/*.test.ts"],
  },
  gates: {
    mutate: ["src/journeys/gates.ts", "src/domain/patient-gates.ts"],
    suites: ["journeys/gates.test.ts", "journeys/gates-practice.test.ts", "unit/domain-rules.test.ts"],
  },
  auth: {
    mutate: ["src/server/auth/*.ts"],
    suites: [
      "server/auth-claims.test.ts",
      "server/auth-token.test.ts",
      "server/caller-scopes.test.ts",
      "server/id-token.test.ts",
      "server/auth-operations.test.ts",
    ],
  },
  "session-keys": { mutate: ["src/platform/cache/sessions.ts"], suites: ["unit/sessions.test.ts"] },
  audit: {
    mutate: [
      "src/platform/audit/audit-file.ts",
      "src/platform/audit/audit-store.ts",
      "src/platform/audit/audit-writer.ts",
      "src/server/plugins/confirm-audit.plugin.ts",
    ],
    suites: ["audit/audit-sqlite.test.ts", "audit/command-audit.test.ts"],
  },
  commands: {
    mutate: ["src/commands/*.ts", "!src/commands/index.ts"],
    suites: ["journeys/!(commands.e2e|gates*).ts"],
  },
};
