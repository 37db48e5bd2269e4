import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditEntry, Database } from "../../../src/platform/store/index.js";
import type { AttemptRecord, AuditRecord, Reply } from "../history.js";
import { Random } from "../kit/random.js";
import { Scheduler } from "../kit/scheduler.js";
import { REGISTERED, type Scenario, type WorldEvent } from "../scenario.js";
import { nhsNumberOf } from "./callers.js";
import { patientIdOf } from "./clients.js";
import { Network } from "./network.js";
import { Practice } from "./practice.js";
import { ServiceProcess } from "./process.js";
import { SharedStore } from "./stores.js";

/** Faults that are planted to show that the checker finds them. */
export interface PlantedFaults {
  /** The practice accepts duplicates, and every write is delivered twice. */
  readonly duplicateWrites?: boolean;
  readonly noSweeper?: boolean;
  /** Nothing closes the audit records of dead processes. */
  readonly noAuditUpkeep?: boolean;
  /** From the first kill on, no command closes its audit record. */
  readonly noClosing?: boolean;
  /** Changes what the wire has seen. */
  readonly attempts?: (attempts: readonly AttemptRecord[]) => readonly AttemptRecord[];
  /** Changes what a caller was told. */
  readonly falsify?: (reply: Reply, index: number) => Reply;
  /** Changes the database at the end of the scenario, before the audit is verified. */
  readonly tamper?: (database: Database) => Promise<unknown>;
  /** With each such event the database loses what it has confirmed: the intents, with their claims on slots. */
  readonly intentsLostWith?: WorldEvent["kind"];
  /** Changes for whom a list of appointments shows two in one slot. */
  readonly doubled?: (doubled: ReadonlySet<string>) => ReadonlySet<string>;
  readonly audit?: (auditRecord: AuditRecord) => readonly AuditRecord[];
}

/** One practice, the processes of the service, their shared store, and the events of the scenario. */
export class World {
  readonly network: Network;
  readonly practice: Practice;
  readonly deaths = new Map<string, number>();
  readonly eventCounts = new Map<string, number>();
  readonly #processes: ServiceProcess[] = [];
  readonly #offsets: number[];
  readonly #randoms = new Map<string, Random>();
  #starts = 0;

  /** Opens the store and starts the processes. */
  static async create(scenario: Scenario, faults: PlantedFaults): Promise<World> {
    const { seed, start, faultRate, store: kind } = scenario;
    const scheduler = new Scheduler(start);
    const path = join(tmpdir(), `simulation-${process.pid}-${seed.replace(/\W/g, "-")}.db`);
    removeFiles(path);
    const store = await SharedStore.open({ kind, scheduler, seed, faultRate, path });
    return new World(scenario, faults, scheduler, store, path);
  }

  private constructor(
    private readonly scenario: Scenario,
    private readonly faults: PlantedFaults,
    readonly scheduler: Scheduler,
    readonly store: SharedStore,
    private readonly path: string,
  ) {
    const { faultRate, instances } = scenario;
    this.network = new Network(this.scheduler, faults.duplicateWrites);
    this.network.faultRate = faultRate;
    this.network.lateCopies = scenario.practice.lateCopies;
    this.practice = new Practice(() => this.scheduler.now(), scenario.practice, faults.duplicateWrites);
    for (let patient = 0; patient < REGISTERED; patient += 1) {
      this.practice.register(patientIdOf(nhsNumberOf(patient)));
    }
    this.#offsets = Array.from({ length: instances }, () => 0);
    for (let index = 0; index < instances; index += 1) this.#start(index);
    for (const event of scenario.events) this.scheduler.after(event.at, () => this.#apply(event));
  }

  /** Undefined while the process is down. */
  process(index: number): ServiceProcess | undefined {
    const process = this.#processes[index % this.scenario.instances];
    return process?.isAlive ? process : undefined;
  }

  /** Ends all faults. */
  heal(): void {
    this.network.faultRate = 0;
    this.network.isPracticeDown = false;
    this.store.isDown = false;
    this.store.faultRate = 0;
  }

  async close(): Promise<void> {
    for (const process of this.#processes) process.kill();
    await this.store.close();
    removeFiles(this.path);
  }

  #start(index: number): void {
    const { scheduler, network, practice, store } = this;
    this.#processes[index] = new ServiceProcess({
      name: `process-${index}-${++this.#starts}`,
      scheduler,
      clock: { now: () => scheduler.now() + (this.#offsets[index] ?? 0) },
      network,
      practice,
      store,
      randomFor: (correlationId) => this.#randomFor(correlationId),
      sweeps: this.faults.noSweeper !== true,
      keepsAudit: this.faults.noAuditUpkeep !== true,
      ...(this.faults.noClosing && {
        keepsRecord: ({ phase }: AuditEntry) => phase !== "closed" || this.deaths.size === 0,
      }),
    });
  }

  #apply(event: WorldEvent): unknown {
    this.eventCounts.set(event.kind, (this.eventCounts.get(event.kind) ?? 0) + 1);
    if (event.kind === this.faults.intentsLostWith) void this.store.tamper(forgetIntents);
    switch (event.kind) {
      case "outage":
        this.network.isPracticeDown = true;
        return this.scheduler.after(event.ms, () => {
          this.network.isPracticeDown = false;
        });
      case "store-failover":
      case "store-outage":
        if (event.kind === "store-failover") this.store.failOver();
        this.store.isDown = true;
        return this.scheduler.after(event.ms, () => {
          this.store.isDown = false;
        });
      case "cache-loss":
        for (const process of this.#processes) process.loseCache();
        return;
      case "kill": {
        const { instance } = event;
        const process = this.process(instance);
        if (process === undefined) return undefined;
        process.kill();
        this.deaths.set(process.name, this.scheduler.now());
        return this.scheduler.after(event.downMs, () => this.#start(instance));
      }
      case "clock":
        this.#offsets[event.instance] = (this.#offsets[event.instance] ?? 0) + event.byMs;
        return;
      case "staff-books": {
        const slotIds = [`slot-${event.slot}`];
        this.practice.book({ patientId: "somebody-else", slotIds, created: "", description: "" }).finish();
        return;
      }
      case "staff-cancels": {
        const appointment = this.practice.holderOf(`slot-${event.slot}`);
        if (appointment) this.practice.cancel(appointment.id, appointment.versionId, "By the practice");
        return;
      }
      case "staff-amends": {
        const appointment = this.practice.holderOf(`slot-${event.slot}`);
        if (appointment)
          this.practice.amend(appointment.id, appointment.versionId, {
            description: `By the practice ${event.at}`,
          });
        return;
      }
    }
  }

  #randomFor(correlationId: string): Random {
    const random = this.#randoms.get(correlationId) ?? new Random(this.scenario.seed, correlationId);
    this.#randoms.set(correlationId, random);
    return random;
  }
}

async function forgetIntents(database: Database): Promise<void> {
  await database.write(async (transaction) => {
    for (const table of ["intents", "slot_claims", "result_owners"] as const) {
      await transaction.deleteFrom(table).execute();
    }
  });
}

function removeFiles(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
}
