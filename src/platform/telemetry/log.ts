import pino from "pino";
import { redact } from "./redact.js";

/**
 * The operational log: JSON lines on stderr. It never identifies a patient. Each call site chooses the fields that it
 * logs. As a second line of defence, numbers that look like NHS numbers are removed from each finished line.
 */
export type Log = pino.Logger;

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/** @param write receives each line, for tests; stderr when left out. */
export function createLog(level: LogLevel, write?: (line: string) => void): Log {
  const sink = write ?? writeToStderr;
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write: (line: string) => sink(redact(line)),
    },
  );
}

let lines = "";
let isWatchingExit = false;

/** Writes the lines of one turn of the event loop at once: under load, a call of the system for each costs more. */
function writeToStderr(line: string): void {
  if (lines === "") setImmediate(flush);
  lines += line;
  if (isWatchingExit) return;
  isWatchingExit = true;
  // Lines of the turn in which the process ends.
  process.on("exit", flush);
}

function flush(): void {
  const ready = lines;
  lines = "";
  if (ready !== "") process.stderr.write(ready);
}
