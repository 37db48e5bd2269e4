#!/usr/bin/env node
import { createLog } from "../platform/telemetry/log.js";
import { ArgumentError, HELP, parseArguments } from "./cli/arguments.js";
import { printUrls } from "./cli/print-urls.js";
import { startSandbox } from "./start-sandbox.js";

/** Command line → sandbox → URLs on stdout. Runs until SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const { help, format, options } = parseArguments(process.argv.slice(2), process.env.SANDBOX_BIND_ALL);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const sandbox = await startSandbox({ ...options, log: createLog("warn") });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
  // Last, because the reader may end the program at once.
  process.stdout.write(printUrls(sandbox.urls, format, sandbox.tlsFiles));
}

main().catch((error: unknown) => {
  const { message } = error as Error;
  const hint = error instanceof ArgumentError ? "\nSee spine-sandbox --help." : "";
  process.stderr.write(`spine-sandbox: ${message}${hint}\n`, () => process.exit(1));
});
