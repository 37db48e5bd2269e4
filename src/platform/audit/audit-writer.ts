import type { AuditEntry, Store } from "../store/index.js";
import type { Log } from "../telemetry/log.js";
import type { AuditFile } from "./audit-file.js";

export interface AuditWriterOptions {
  readonly store: Pick<Store, "chain" | "database">;
  /** Copies of every record beside the database. */
  readonly copies: readonly AuditFile[];
  readonly log: Pick<Log, "error">;
}

interface Waiting {
  readonly entries: readonly AuditEntry[];
  readonly confirm: () => void;
  readonly refuse: (error: unknown) => void;
}

/** Records beyond this number stay in the file only. */
const MAX_TO_COPY_BACK = 100_000;
/** Records that one transaction copies back. */
const COPIED_AT_ONCE = 2_000;

/** For so long a database that did not respond is not tried again before a query. */
const RECHECK_MS = 1_000;

/**
 * Writes audit records to the database, those of all operations that end meanwhile in one transaction, and copies of
 * what was confirmed to the other sinks. While the database is away, a file that is forced to the disk stands in for it;
 * its records are copied to the database as soon as it is back. A record whose commit stood although its confirmation was
 * lost is then there twice, under one attempt.
 */
export class AuditWriter {
  #waiting: Waiting[] = [];
  #isRunning = false;
  /** Confirmed by the file alone, in order. */
  readonly #toCopyBack: AuditEntry[] = [];
  readonly #inFile = new WeakSet<AuditEntry>();
  #check: { readonly at: number; readonly isUp: Promise<boolean> } | undefined;
  #hasToldFault = false;

  constructor(private readonly options: AuditWriterOptions) {
    options.store.chain.onAppended((entries) => this.#copy(entries));
  }

  /** @throws UpstreamError of service `STORE` when neither the database nor a file confirms. */
  commit(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    return new Promise((confirm, refuse) => this.#enqueue({ entries, confirm, refuse }));
  }

  /** Records that the database lacks until it is back. */
  get inFileOnly(): number {
    return this.#toCopyBack.length;
  }

  /** Copies to the database what only the file has, if the database is back. */
  async copyBack(): Promise<void> {
    while (this.#toCopyBack.length > 0 && (await this.isStoreUp())) {
      const left = this.#toCopyBack.length;
      await new Promise<void>((done) => this.#enqueue({ entries: [], confirm: done, refuse: () => done() }));
      if (this.#toCopyBack.length >= left) return;
    }
  }

  /** Whether records of a query could be confirmed now; of a command, whether those of its transaction could. */
  async canConfirm(kind: "query" | "command"): Promise<boolean> {
    return (kind === "query" && this.#durableFile() !== undefined) || this.isStoreUp();
  }

  /** As last seen; when it was down, it is looked at again. */
  async isStoreUp(): Promise<boolean> {
    return this.options.store.database.isUp || this.#checkDatabase();
  }

  #enqueue(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Operations that end in the same turn of the event loop share a transaction.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#confirm(batch);
    }
    // In the same step as the look above, so that nothing can begin to wait in between.
    this.#isRunning = false;
  }

  async #confirm(batch: readonly Waiting[]): Promise<void> {
    const entries = batch.flatMap((waiting) => waiting.entries);
    const back = this.#toCopyBack.slice(0, COPIED_AT_ONCE);
    try {
      await this.options.store.chain.write((_transaction, append) => append([...back, ...entries]));
      this.#toCopyBack.splice(0, back.length);
      this.#hasToldFault = false;
    } catch (error) {
      this.#tell("the audit could not be written to the database");
      if (!this.#writeToFile(entries)) {
        for (const { refuse } of batch) refuse(error);
        return;
      }
    }
    for (const { confirm } of batch) confirm();
  }

  #writeToFile(entries: readonly AuditEntry[]): boolean {
    try {
      const file = this.#durableFile();
      file?.append(entries);
      file?.sync();
      if (file !== undefined) this.#rememberToCopyBack(entries);
      return file !== undefined;
    } catch {
      return false;
    }
  }

  #rememberToCopyBack(entries: readonly AuditEntry[]): void {
    for (const entry of entries) this.#inFile.add(entry);
    this.#toCopyBack.push(...entries.slice(0, MAX_TO_COPY_BACK - this.#toCopyBack.length));
  }

  #durableFile(): AuditFile | undefined {
    return this.options.copies.find(({ isDurable }) => isDurable);
  }

  /** The database has confirmed already; a copy that fails is told and holds nothing up. */
  #copy(entries: readonly AuditEntry[]): void {
    const durable = this.#durableFile();
    for (const copy of this.options.copies) {
      const missing = copy === durable ? entries.filter((entry) => !this.#inFile.has(entry)) : entries;
      try {
        if (missing.length > 0) copy.append(missing);
      } catch {
        this.#tell("a copy of the audit could not be written");
      }
    }
  }

  #checkDatabase(): Promise<boolean> {
    const now = performance.now();
    if (this.#check === undefined || now - this.#check.at > RECHECK_MS) {
      this.#check = { at: now, isUp: this.options.store.database.check() };
    }
    return this.#check.isUp;
  }

  #tell(what: string): void {
    if (!this.#hasToldFault) this.options.log.error(what);
    this.#hasToldFault = true;
  }
}
