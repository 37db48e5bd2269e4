import Libsql from "libsql";
import { Client } from "pg";
import { openStore, type Store } from "../../src/platform/store/index.js";

/** What the process writes: a claim; or, of a claim that it made before, the outcome or the release. */
export type WriteToDieIn = "claim" | "settle" | "remove";

const FAR = Number.MAX_SAFE_INTEGER;

const WRITES: Record<WriteToDieIn, (store: Store, key: string) => Promise<unknown>> = {
  claim: ({ intents }, key) =>
    intents.claim(key, { text: "open", open: true, expiresAt: FAR, slotClaims: [key] }, [
      { attempt: key, phase: "opened", time: 1, outcome: "UNKNOWN", record: {} },
    ]),
  settle: ({ intents }, key) =>
    intents.replace(key, 1, { text: "done", open: false, expiresAt: FAR, slotClaims: [], result: key }, [
      { attempt: key, phase: "closed", time: 2, outcome: "SUCCEEDED", record: {} },
    ]),
  remove: ({ intents }, key) =>
    intents.remove(key, 1, [{ attempt: key, phase: "closed", time: 2, outcome: "FAILED", record: {} }]),
};

/**
 * Makes one write in a process of its own, which is killed at the statement given, counted from the start of that write.
 * Run by the test beside it: `write-and-die.js URL WRITE KEY STATEMENT`.
 */
async function main(): Promise<void> {
  const [, , url = "", write = "claim", key = "", at = ""] = process.argv;
  const store = await openStore({
    url,
    poolSize: 1,
    statementTimeoutMs: 5_000,
    secrets: ["a store secret that only tests know, 32 or more"],
    environment: { mode: "sandbox" },
    clock: { now: () => Date.parse("2026-11-23T09:00:00Z") },
    firstRevision: () => 1,
  });
  if (write !== "claim") await WRITES.claim(store, key);
  killAtStatement(Number(at));
  await WRITES[write as WriteToDieIn](store, key);
  process.stdout.write("confirmed\n");
  await store.close();
}

/** SIGKILL before the statement with this number is given to either kind of database. */
function killAtStatement(statement: number): void {
  let left = statement;
  const counted = (original: (...given: never[]) => unknown) =>
    function (this: unknown, ...given: never[]): unknown {
      left -= 1;
      if (left === 0) process.kill(process.pid, "SIGKILL");
      return original.apply(this, given);
    };
  // Prepared statements are used again, so it counts when they run.
  const statements = Object.getPrototypeOf(new Libsql(":memory:").prepare("select 1"));
  statements.run = counted(statements.run);
  statements.all = counted(statements.all);
  Libsql.prototype.exec = counted(Libsql.prototype.exec as never) as never;
  Client.prototype.query = counted(Client.prototype.query as never) as never;
}

void main();
