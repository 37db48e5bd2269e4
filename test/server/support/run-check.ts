import { createAuditLines } from "../../../src/platform/audit/index.js";
import { readConfig } from "../../../src/platform/config/config.js";
import { createLog } from "../../../src/platform/telemetry/log.js";
import type { Sandbox } from "../../../src/sandbox/index.js";
import { type CheckReport, checkUpstreams } from "../../../src/server/check/check-upstreams.js";
import { createDependencies } from "../../../src/server/dependencies.js";
import { TestClock } from "../../support/call-context.js";
import { createLazyStore, TEST_STORE_KEYS } from "../../support/memory-intent-store.js";

/** Runs the command as `--check` does, against the sandbox where the settings name nothing else; each row as one line. */
export async function runCheck(
  sandbox: Sandbox,
  environment: Record<string, string> = {},
  logLines: string[] = [],
): Promise<CheckReport & { lines: string[] }> {
  const config = readConfig({ SDS_MAX_RPS: "1000", ...environment });
  const urls = {
    pds: config.PDS_URL ?? sandbox.pdsUrl,
    pdsToken: config.PDS_TOKEN_URL,
    sds: config.SDS_URL ?? sandbox.sdsUrl,
    ssp: config.SSP_URL ?? sandbox.sspUrl,
  };
  const log = createLog("trace", (line) => logLines.push(line));
  const clock = new TestClock(Date.now());
  const dependencies = createDependencies({
    config,
    urls,
    clock,
    log,
    store: await createLazyStore(clock).open(),
    auditCopies: [createAuditLines({ keys: TEST_STORE_KEYS, write: (lines) => logLines.push(lines) })],
  });
  try {
    const report = await checkUpstreams({ dependencies, urls, timeoutMs: 3_000 });
    const lines = report.rows.map(({ what, result, details }) => `${what}: ${result} ${details}`);
    return { ...report, lines };
  } finally {
    await dependencies.close();
  }
}
