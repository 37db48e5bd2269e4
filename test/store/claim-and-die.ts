import Libsql from "libsql";
import { openStore } from "../../src/platform/store/index.js";

/**
 * Claims one intent in a process of its own, which is killed at the statement given, counted from when the store is open.
 * Run by the test beside it: `claim-and-die.js URL KEY STATEMENT`.
 */
async function main(): Promise<void> {
  const [, , url = "", key = "", at = ""] = process.argv;
  const store = await openStore({
    url,
    poolSize: 1,
    statementTimeoutMs: 5_000,
    secrets: ["a store secret that only tests know, 32 or more"],
    environment: { mode: "sandbox" },
    clock: { now: () => Date.parse("2026-11-23T09:00:00Z") },
  });
  let left = Number(at);
  const count = () => {
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
  for (const method of ["prepare", "exec"] as const) {
    const original = Libsql.prototype[method] as (this: unknown, text: string) => unknown;
    Libsql.prototype[method] = function (this: unknown, text: string) {
      count();
      return original.call(this, text);
    } as never;
  }
  await store.intents.claim(
    key,
    { text: "t", open: true, expiresAt: Number.MAX_SAFE_INTEGER, slotClaims: [key] },
    [{ attempt: key, phase: "opened", time: 1, outcome: "UNKNOWN", record: {} }],
  );
  process.stdout.write("confirmed\n");
  await store.close();
}

void main();
