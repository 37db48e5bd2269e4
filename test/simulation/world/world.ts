import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditRecord, Reply } from "../history.js";
import { Random } from "../kit/random.js";
import { Scheduler } from "../kit/scheduler.js";
import { REGISTERED, type Scenario, type WorldEvent } from "../scenario.js";
import { nhsNumberOf } from "./callers.js";
import { patientIdOf } from "./clients.js";
import { Network } from "./network.js";
import { Practice } from "./practice.js";
import { ServiceProcess } from "./process.js";
import { createSharedStore, type SharedStore } from "./stores.js";

/** Faults that are planted to show that the checker finds them. */
export interface PlantedFaults {
  /** The practice accepts duplicates, and every write is delivered twice. */
  readonly duplicateWrites?: boolean;
  readonly noSweeper?: boolean;
  readonly falsify?: (reply: Reply, index: number) => Reply;
  readonly audit?: (auditRecord: AuditRecord) => readonly AuditRecord[];
}

/** One practice, the processes of the service, their shared store, and the events of the scenario. */
export class World {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly practice: Practice;
  readonly store: SharedStore;
  readonly audit: AuditRecord[] = [];
  readonly eventCounts = new Map<string, number>();
  readonly #processes: ServiceProcess[] = [];
  readonly #offsets: number[];
  readonly #randoms = new Map<string, Random>();
  readonly #path: string;
  #starts = 0;

  constructor(
    private readonly plan: Scenario,
    private readonly faults: PlantedFaults,
  ) {
    const { seed, start, faultRate, store, instances } = plan;
    this.scheduler = new Scheduler(start);
    this.network = new Network(this.scheduler, faults.duplicateWrites);
    this.network.faultRate = faultRate;
    this.practice = new Practice(() => this.scheduler.now(), faults.duplicateWrites);
    for (let patient = 0; patient < REGISTERED; patient += 1) {
      this.practice.register(patientIdOf(nhsNumberOf(patient)));
    }
    this.#path = join(tmpdir(), `simulation-${process.pid}-${seed.replace(/\W/g, "-")}.db`);
    this.#removeFile();
    this.store = createSharedStore({
      kind: store,
      scheduler: this.scheduler,
      seed,
      faultRate,
      path: this.#path,
    });
    this.#offsets = Array.from({ length: instances }, () => 0);
    for (let index = 0; index < instances; index += 1) this.#start(index);
    for (const event of plan.events) this.scheduler.after(event.at, () => this.#apply(event));
  }

  /** Undefined while the process is down. */
  process(index: number): ServiceProcess | undefined {
    const process = this.#processes[index % this.plan.instances];
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
    this.#removeFile();
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
      writeAudit: (text) => {
        const auditRecord = JSON.parse(text) as AuditRecord;
        this.audit.push(...(this.faults.audit?.(auditRecord) ?? [auditRecord]));
      },
      sweeps: this.faults.noSweeper !== true,
    });
  }

  #apply(event: WorldEvent): unknown {
    this.eventCounts.set(event.kind, (this.eventCounts.get(event.kind) ?? 0) + 1);
    switch (event.kind) {
      case "outage":
        this.network.isPracticeDown = true;
        return this.scheduler.after(event.ms, () => {
          this.network.isPracticeDown = false;
        });
      case "store-outage":
        this.store.isDown = true;
        return this.scheduler.after(event.ms, () => {
          this.store.isDown = false;
        });
      case "kill": {
        const { instance } = event;
        const process = this.process(instance);
        if (process === undefined) return undefined;
        process.kill();
        return this.scheduler.after(event.downMs, () => this.#start(instance));
      }
      case "clock":
        this.#offsets[event.instance] = (this.#offsets[event.instance] ?? 0) + event.byMs;
        return;
      case "staff-books": {
        const slotIds = [`slot-${event.slot}`];
        this.practice.book({ patientId: "somebody-else", slotIds, created: "", description: "" });
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
    const random = this.#randoms.get(correlationId) ?? new Random(this.plan.seed, correlationId);
    this.#randoms.set(correlationId, random);
    return random;
  }

  #removeFile(): void {
    for (const end of ["", "-wal", "-shm"]) rmSync(`${this.#path}${end}`, { force: true });
  }
}
