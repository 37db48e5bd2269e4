import Keyv from "keyv";
import { CommandCoordinator } from "../../../src/commands/command-coordinator.js";
import { CommandStore } from "../../../src/commands/command-store.js";
import { Sweeper } from "../../../src/commands/sweeper.js";
import type { Caller } from "../../../src/domain/caller.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import type { JourneyContext } from "../../../src/journeys/journey-context.js";
import { reconcileCommand } from "../../../src/journeys/sweep/reconcile-command.js";
import { createLoaders, type LoaderSources } from "../../../src/loaders/create-loaders.js";
import { ScopedCache } from "../../../src/platform/cache/scoped-cache.js";
import type { Clock } from "../../../src/platform/clock.js";
import { createKeyring } from "../../../src/platform/crypto/keyring.js";
import { createAppointmentIds } from "../../../src/platform/ids/appointment-id.js";
import { createSlotIds } from "../../../src/platform/ids/slot-id.js";
import { signalUntil } from "../../../src/platform/resilience/deadline.js";
import type { AuditEntry } from "../../../src/platform/store/index.js";
import { CallLog } from "../../../src/platform/telemetry/call-log.js";
import { passThrough } from "../../support/pipelines.js";
import type { Random } from "../kit/random.js";
import type { Scheduler } from "../kit/scheduler.js";
import { createClients } from "./clients.js";
import type { Network } from "./network.js";
import type { Practice } from "./practice.js";
import type { SharedStore, StoreConnection } from "./stores.js";

const KEYRING = createKeyring("a secret for simulations only, of 32 characters or more");
const HASH_KEY = KEYRING.derive("audit");
export const SLOT_IDS = createSlotIds(KEYRING);
export const APPOINTMENT_IDS = createAppointmentIds(KEYRING);
const SWEEP_MS = 5_000;
const AUDIT_UPKEEP_MS = 15_000;

export interface ProcessParts {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** The clock of the machine, which the scenario may change. */
  readonly clock: Clock;
  readonly network: Network;
  readonly practice: Practice;
  readonly store: SharedStore;
  readonly randomFor: (correlationId: string) => Random;
  readonly sweeps: boolean;
  readonly keepsAudit: boolean;
  /** Plants a fault: audit records of intents that do not pass are lost. */
  readonly keepsRecord?: ((entry: AuditEntry) => boolean) | undefined;
}

/** One process of the service, from its start until it is killed: the real journeys, commands, loaders and sweeper. */
export class ServiceProcess {
  isAlive = true;
  readonly name: string;
  readonly commands: CommandCoordinator;
  readonly #sources: LoaderSources;
  readonly #sweeper: Sweeper;
  readonly #cache = new Keyv();
  readonly #onDeath = new Set<() => void>();
  readonly #store: StoreConnection;

  constructor(private readonly parts: ProcessParts) {
    const { scheduler, clock, store, name } = parts;
    this.name = name;
    const isAlive = () => this.isAlive;
    let keys = 0;
    this.#store = store.connect(isAlive, clock, parts.keepsRecord);
    const { audit, intents, keys: storeKeys } = this.#store;
    this.commands = new CommandCoordinator({
      store: new CommandStore({ store: intents, keys: storeKeys, clock, audit }),
      clock,
      stopwatch: scheduler,
      rules: {
        lateCommitBoundMs: 30_000,
        leaseMs: 37_000,
        requireVerifiedDetails: false,
        allowBookingWithoutPractice: false,
      },
      newKey: () => `${name}-key-${++keys}`,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve(), { once: true });
          scheduler.after(ms, resolve);
        }),
    });
    const { gpConnect, pds, directory } = createClients({ ...parts, isAlive });
    this.#sources = {
      gpConnect,
      pds,
      directory,
      visitorsAndMigrants: { fetchChargeableStatus: async () => ({ recorded: false }) },
      cache: new ScopedCache({ store: this.#cache, hashKey: HASH_KEY, clock, random: () => 0.5 }),
      spine: {
        kind: "directory",
        query: { odsCode: "YES" as OdsCode, partyKey: "YES-0000806", interaction: "urn:test:observation:1" },
        ttlMs: 600_000,
      },
      timeToLive: { patientMs: 120_000, capabilitiesMs: 14_400_000 },
    };
    this.#sweeper = new Sweeper({
      commands: this.commands,
      stopwatch: scheduler,
      reconcile: (claimed) => {
        const { caller, correlationId } = claimed.intent.details;
        return reconcileCommand(claimed, this.contextFor(caller, correlationId, signalUntil(30_000)));
      },
    });
    if (parts.sweeps) this.#every(SWEEP_MS, () => this.#sweeper.step());
    if (parts.keepsAudit) this.#every(AUDIT_UPKEEP_MS, () => this.#keepAudit());
  }

  contextFor(caller: Caller, correlationId: string, signal: AbortSignal): JourneyContext {
    const { clock } = this.parts;
    const audit = this.#store.audit.trailFor(caller, correlationId);
    const call = { caller, correlationId, signal, calls: new CallLog(clock), audit, resilience: passThrough };
    return {
      call,
      loaders: createLoaders(this.#sources, call, undefined),
      gpConnect: this.#sources.gpConnect,
      slotIds: SLOT_IDS,
      appointmentIds: APPOINTMENT_IDS,
      clock,
      nhsNumberRules: { allowRepeatedDigits: false },
      commands: this.commands,
    };
  }

  /** Runs the work. If the process dies first, the caller gets no reply. */
  run<T>(work: () => Promise<T>, dead: () => T): Promise<T> {
    return new Promise((resolve) => {
      const die = () => resolve(dead());
      this.#onDeath.add(die);
      void work().then((end) => {
        this.#onDeath.delete(die);
        if (this.isAlive) resolve(end);
      });
    });
  }

  /** The shared cache has lost everything. */
  loseCache(): void {
    void this.#cache.clear();
  }

  kill(): void {
    this.isAlive = false;
    for (const die of this.#onDeath) die();
    this.#onDeath.clear();
  }

  /** Confirms the audit of a request before its reply leaves. @returns false when the reply must be withheld. */
  async confirmAudit({ call }: JourneyContext): Promise<boolean> {
    try {
      await this.#store.through(() => call.audit.commit());
      return true;
    } catch {
      return call.audit.hasOpened;
    }
  }

  /** What `AuditUpkeep` does on timers. */
  async #keepAudit(): Promise<void> {
    const { audit, abandoned, through } = this.#store;
    await through(() => audit.flush());
    await through(() => abandoned.beat());
    await through(() => abandoned.close());
  }

  #every(ms: number, work: () => Promise<unknown>): void {
    this.parts.scheduler.after(ms, () => {
      if (!this.isAlive) return;
      void work().catch(() => undefined);
      this.#every(ms, work);
    });
  }
}
