import { userInfo } from "node:os";
import type { Caller } from "../../domain/caller.js";
import type { OdsCode } from "../../domain/ods-code.js";
import { type AuditFile, AuditStore, AuditWriter, openAuditFile } from "../../platform/audit/index.js";
import { systemClock } from "../../platform/clock.js";
import type { Config } from "../../platform/config/config.js";
import type { Log } from "../../platform/telemetry/log.js";
import { openConfiguredStore } from "../open-stores.js";
import { auditCommand } from "./audit-command.js";
import { bookingsCommand } from "./bookings-command.js";
import { OperatorError, type OperatorOptions } from "./operator-context.js";

const COMMANDS = { audit: auditCommand, bookings: bookingsCommand } as const;

export type OperatorCommand = keyof typeof COMMANDS;

/**
 * Runs `npm run audit` or `npm run bookings` over the store of `DATABASE_URL`, and audits that it was run.
 *
 * @param line what follows the command's name.
 * @returns the exit code: 0, or 1 when something is wrong with what was looked at.
 * @throws OperatorError, StoreStartError
 */
export async function runOperatorCommand(
  command: OperatorCommand,
  line: readonly string[],
  { config, log, print }: { readonly config: Config; readonly log: Log; print(line: string): void },
): Promise<number> {
  if (config.DATABASE_URL === undefined) {
    throw new OperatorError("DATABASE_URL is not set: a store in memory is gone with its process.");
  }
  const options = parseOptions(line);
  const store = await openConfiguredStore(config, systemClock);
  const copies: AuditFile[] = config.AUDIT_SINKS.includes("file")
    ? [openAuditFile(config.AUDIT_FILE, store.keys)]
    : [];
  const audit = new AuditStore({ clock: systemClock, writer: new AuditWriter({ store, copies, log }) });
  const trail = audit.trailFor(operator(options.named.by ?? userInfo().username, config), "operator");
  try {
    const context = { config, store, trail, audit, options, print };
    const code = await COMMANDS[command](context);
    await trail.commit();
    return code;
  } finally {
    for (const copy of copies) copy.close();
    await store.close();
  }
}

function parseOptions(line: readonly string[]): OperatorOptions {
  const words: string[] = [];
  const named: Record<string, string> = {};
  for (let index = 0; index < line.length; index += 1) {
    const word = line[index] ?? "";
    if (!word.startsWith("--")) {
      words.push(word);
      continue;
    }
    const value = line[index + 1];
    if (value === undefined || value.startsWith("--")) throw new OperatorError(`${word} needs a value.`);
    named[word.slice(2)] = value;
    index += 1;
  }
  return { words, named };
}

/** The operator as the audit names them: at this machine, for the deployment's first organisation. */
function operator(name: string, { organisations }: Config): Caller {
  const [first] = organisations;
  return {
    person: { localId: `operator:${name}`, family: name, given: [], prefix: [] },
    organisation: first ?? { odsCode: "UNKNOWN" as OdsCode, name: "unknown", asid: "", phone: "" },
  };
}
