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
    suites: ["journeys/denials.test.ts", "journeys/gates.test.ts", "unit/patient-gates.test.ts"],
  },
  "auth-claims": { mutate: ["src/server/auth/claims.ts"], suites: ["server/auth-claims.test.ts"] },
  "auth-callers": {
    mutate: ["src/server/auth/!(claims|token-verifier).ts"],
    suites: ["server/identify.test.ts"],
  },
  "auth-tokens": {
    mutate: ["src/server/auth/token-verifier.ts"],
    suites: ["server/auth-token.test.ts", "server/id-token.test.ts", "server/router-identity.test.ts"],
  },
  "session-keys": { mutate: ["src/platform/cache/sessions.ts"], suites: ["unit/sessions.test.ts"] },
  audit: {
    mutate: [
      "src/platform/audit/audit-file.ts",
      "src/platform/audit/audit-store.ts",
      "src/platform/audit/audit-writer.ts",
      "src/platform/audit/diagnostics.ts",
    ],
    suites: [
      "audit/audit-file-copy.test.ts",
      "audit/audit-writer.test.ts",
      "security/audit-file.test.ts",
      "security/masked-errors.test.ts",
    ],
  },
  commands: {
    mutate: ["src/commands/*.ts"],
    suites: ["audit/command-audit.test.ts", "commands/*.test.ts"],
  },
};
