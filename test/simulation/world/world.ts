import { existsSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditLine, Told } from "../history.js";
import { Random } from "../kit/random.js";
import { Scheduler } from "../kit/scheduler.js";
import { PRESENT, type StoryPlan, type WorldEvent } from "../plan.js";
import { nhsNumberOf } from "./callers.js";
import { patientIdOf } from "./clients.js";
import { Network } from "./network.js";
import { PracticeBook } from "./practice-book.js";
import { ServiceProcess } from "./process.js";
import { createSharedStore, type SharedStore } from "./stores.js";

/** Faults planted to show that the checker catches them. */
export interface Sabotage {
  /** The practice does not look whether a slot is free or a patient there, and every write is sent twice. */
  readonly doubleWrites?: boolean;
  readonly noSweeper?: boolean;
  readonly tell?: (told: Told, index: number) => Told;
  readonly audit?: (line: AuditLine) => readonly AuditLine[];
}

/** One practice, our processes, what they share, and all that can happen to them. */
export class World {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly book: PracticeBook;
  readonly store: SharedStore;
  readonly audit: AuditLine[] = [];
  readonly happened = new Map<string, number>();
  readonly #processes: ServiceProcess[] = [];
  readonly #offsets: number[];
  readonly #randoms = new Map<string, Random>();
  readonly #path: string;
  #starts = 0;

  constructor(
    private readonly plan: StoryPlan,
    private readonly sabotage: Sabotage,
  ) {
    const { seed, start, roughness, store, instances } = plan;
    this.scheduler = new Scheduler(start);
    this.network = new Network(this.scheduler, sabotage.doubleWrites);
    this.network.roughness = roughness;
    this.book = new PracticeBook(() => this.scheduler.now(), sabotage.doubleWrites);
    for (let patient = 0; patient < PRESENT; patient += 1) {
      this.book.register(patientIdOf(nhsNumberOf(patient)));
    }
    this.#path = join(tmpdir(), `simulation-${process.pid}-${seed.replace(/\W/g, "-")}.ndjson`);
    this.#removeFile();
    this.store = createSharedStore({
      kind: store,
      scheduler: this.scheduler,
      seed,
      roughness,
      path: this.#path,
    });
    this.#offsets = Array.from({ length: instances }, () => 0);
    for (let index = 0; index < instances; index += 1) this.#start(index);
    for (const event of plan.events) this.scheduler.after(event.at, () => this.#happen(event));
  }

  /** Undefined while the process is down. */
  process(index: number): ServiceProcess | undefined {
    const process = this.#processes[index % this.plan.instances];
    return process?.isAlive ? process : undefined;
  }

  /** From now on nothing goes wrong any more. */
  heal(): void {
    this.network.roughness = 0;
    this.network.practiceIsAway = false;
    this.store.isGone = false;
    this.store.roughness = 0;
  }

  async close(): Promise<void> {
    for (const process of this.#processes) process.kill();
    await this.store.close();
    this.#removeFile();
  }

  #start(index: number): void {
    const { scheduler, network, book, store } = this;
    this.#processes[index] = new ServiceProcess({
      name: `process-${index}-${++this.#starts}`,
      scheduler,
      clock: { now: () => scheduler.now() + (this.#offsets[index] ?? 0) },
      network,
      book,
      store,
      randomFor: (correlationId) => this.#randomFor(correlationId),
      writeAudit: (text) => {
        const line = JSON.parse(text) as AuditLine;
        this.audit.push(...(this.sabotage.audit?.(line) ?? [line]));
      },
      sweeps: this.sabotage.noSweeper !== true,
    });
  }

  #happen(event: WorldEvent): unknown {
    this.happened.set(event.kind, (this.happened.get(event.kind) ?? 0) + 1);
    switch (event.kind) {
      case "outage":
        this.network.practiceIsAway = true;
        return this.scheduler.after(event.ms, () => {
          this.network.practiceIsAway = false;
        });
      case "store-gone":
        this.store.isGone = true;
        return this.scheduler.after(event.ms, () => {
          this.store.isGone = false;
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
        this.book.book({ patientId: "somebody-else", slotIds, created: "", description: "" });
        return;
      }
      case "staff-cancels": {
        const held = this.book.holderOf(`slot-${event.slot}`);
        if (held) this.book.cancel(held.id, held.versionId, "By the practice");
        return;
      }
      case "staff-amends": {
        const held = this.book.holderOf(`slot-${event.slot}`);
        if (held) this.book.amend(held.id, held.versionId, { description: `By the practice ${event.at}` });
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
    for (const path of [this.#path, `${this.#path}.lock`]) if (existsSync(path)) unlinkSync(path);
  }
}
