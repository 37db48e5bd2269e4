import Keyv from "keyv";
import type { CommandCoordinator, CommandRules } from "../../src/commands/command-coordinator.js";
import type { CommandOrigin } from "../../src/commands/command-origin.js";
import { Sweeper } from "../../src/commands/sweeper.js";
import type { DirectoryEntry } from "../../src/domain/directory-entry.js";
import { toLondonDateTime } from "../../src/domain/london-time.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import type { PatientRecord } from "../../src/domain/patient.js";
import { bookAppointment } from "../../src/journeys/book/book-appointment.js";
import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";
import type { BookingRequest } from "../../src/journeys/book/booking-request.js";
import type { JourneyContext } from "../../src/journeys/journey-context.js";
import { reconcileCommand } from "../../src/journeys/sweep/reconcile-command.js";
import { createLoaders, type LoaderSources } from "../../src/loaders/create-loaders.js";
import type { AuditEvent } from "../../src/platform/audit/index.js";
import { ScopedCache } from "../../src/platform/cache/scoped-cache.js";
import { createKeyring } from "../../src/platform/crypto/keyring.js";
import { createAppointmentIds } from "../../src/platform/ids/appointment-id.js";
import { createSlotIds, type SlotReference } from "../../src/platform/ids/slot-id.js";
import { withDeadline } from "../../src/platform/resilience/deadline.js";
import type { IntentStore } from "../../src/platform/store/index.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import type { PdsReadResult } from "../../src/upstreams/pds/index.js";
import type { GpConnectClient } from "../../src/upstreams/ssp/index.js";
import { recordingTrail, TestClock, testCaller, testContext } from "../support/call-context.js";
import { harnessPatient } from "../support/graph-harness.js";
import { createMemoryIntentStore } from "../support/memory-intent-store.js";
import { createTestCoordinator } from "../support/test-coordinator.js";
import { FakePractice } from "./fake-practice.js";

export const PATIENT = "9000000009" as NhsNumber;
export const OTHER_PATIENT = "9990000018" as NhsNumber;
export const PRACTICE = "T81001" as OdsCode;
const HOUR_MS = 3_600_000;

export interface HarnessOptions {
  readonly rules?: Partial<CommandRules>;
  readonly store?: (clock: TestClock) => IntentStore;
  /** What PDS says; the harness's patient when left out. */
  readonly pds?: (nhsNumber: NhsNumber, clock: TestClock) => PdsReadResult | Promise<PdsReadResult>;
}

/** The journeys over one fake practice, with everything that they are handed in the test's own hands. */
export class CommandHarness {
  readonly clock = new TestClock();
  readonly stopwatch = new TestClock();
  readonly practice = new FakePractice(this.clock);
  store: IntentStore;
  readonly events: AuditEvent[] = [];
  /** `PDS`, `SDS` and the methods of the practice's client, in order of call. */
  readonly calls: string[] = [];
  readonly keyring = createKeyring("a secret that only tests know, of 32 characters or more");
  readonly slotIds = createSlotIds(this.keyring);
  readonly appointmentIds = createAppointmentIds(this.keyring);
  /** The directory knows nothing of any practice. */
  unlisted = false;
  /** The practice's address in the directory. */
  serviceRootUrl = "https://provider.example";
  /** The address that each call to the practice went to. */
  readonly roots: string[] = [];
  /** How long a request has. Shorter than the bound on late commits, so that it does not wait for it. */
  deadlineMs = 20_000;
  /** How time passes for a request that waits: at once. */
  wait: (ms: number, signal: AbortSignal) => Promise<void> = async (ms) => this.advance(ms);
  /** The process that requests run in, where a test kills it: its calls belong to it. */
  within: { own<T extends object>(target: T): T } | undefined;
  readonly alerts: string[] = [];
  commands: CommandCoordinator;
  sweeper: Sweeper;
  readonly #sources: LoaderSources;

  constructor(readonly options: HarnessOptions = {}) {
    this.store = options.store?.(this.clock) ?? createMemoryIntentStore(this.clock);
    this.#sources = this.#createSources();
    this.practice.addPatient(PATIENT);
    this.practice.addPatient(OTHER_PATIENT);
    this.commands = this.#createCoordinator();
    this.sweeper = this.#createSweeper();
  }

  /** Another process over the same intents: it knows nothing of what the first was doing. */
  restart(store = this.store): void {
    this.store = store;
    this.commands = this.#createCoordinator();
    this.sweeper = this.#createSweeper();
  }

  /** Both the clock on the wall and the stopwatch. */
  advance(ms: number): void {
    this.clock.advance(ms);
    this.stopwatch.advance(ms);
  }

  /** A request of its own, with the deadline of the default settings unless the harness has another. */
  context(overrides: Partial<CallContext> = {}): JourneyContext {
    const { signal = new AbortController().signal } = overrides;
    const call = testContext({
      audit: recordingTrail(this.events),
      ...overrides,
      signal: withDeadline(this.deadlineMs, signal),
    });
    const { gpConnect, pds, directory } = this.#sources;
    const sources = this.within
      ? {
          ...this.#sources,
          gpConnect: this.within.own(gpConnect),
          pds: this.within.own(pds),
          directory: this.within.own(directory),
        }
      : this.#sources;
    return {
      call,
      loaders: createLoaders(sources, call, undefined),
      gpConnect: sources.gpConnect,
      slotIds: this.slotIds,
      appointmentIds: this.appointmentIds,
      commands: this.commands,
      clock: this.clock,
      nhsNumberRules: { allowRepeatedDigits: false },
    };
  }

  /** The id of the slot that begins so many hours from the harness's beginning; ten minutes long. */
  slot(hours = 24, facts: Partial<SlotReference> = {}): string {
    const start = Date.parse("2026-11-23T09:00:00Z") + hours * HOUR_MS;
    return this.slotIds.encode({
      odsCode: PRACTICE,
      slotId: `slot-${hours}`,
      scheduleId: "schedule-1",
      start: toLondonDateTime(start),
      end: toLondonDateTime(start + 600_000),
      locationId: "location-1",
      ...facts,
    });
  }

  /** An ask of its own. Given a signal, it is the request's. */
  book(request: Partial<BookingRequest> = {}, call: Partial<CallContext> = {}): Promise<BookingOutcome> {
    const wanted = {
      nhsNumber: PATIENT,
      slotIds: [this.slot()],
      description: "Review",
      registerIfAbsent: false,
      acknowledgeDiscrepancies: false,
      ...request,
    };
    return bookAppointment(wanted, this.context(call));
  }

  /** Calls of a method of the practice's client so far. */
  count(method: keyof GpConnectClient): number {
    return this.calls.filter((call) => call === method).length;
  }

  settlements(): (string | undefined)[] {
    return this.events.filter(({ operation }) => operation === "settlement").map(({ reason }) => reason);
  }

  #createCoordinator(): CommandCoordinator {
    const { rules } = this.options;
    const { clock, stopwatch, store } = this;
    const commands = createTestCoordinator({
      clock,
      stopwatch,
      store,
      wait: (ms, signal) => this.wait(ms, signal),
      ...(rules && { rules }),
    });
    commands.onAlert((alert, kind) => this.alerts.push(`${alert} ${kind}`));
    return commands;
  }

  #createSweeper(): Sweeper {
    const contextFor = ({ caller, correlationId }: CommandOrigin) => this.context({ caller, correlationId });
    return new Sweeper({
      commands: this.commands,
      stopwatch: this.stopwatch,
      reconcile: (claimed) => reconcileCommand(claimed, contextFor(claimed.intent.details)),
    });
  }

  #createSources(): LoaderSources {
    const { calls, clock, options, practice, roots } = this;
    const isUnlisted = () => this.unlisted;
    const rootUrl = () => this.serviceRootUrl;
    const gpConnect = new Proxy(practice.client, {
      get: (client, method: keyof GpConnectClient) => {
        const answer = client[method] as ((...args: unknown[]) => unknown) | undefined;
        return (...args: unknown[]) => {
          if (answer === undefined) throw new Error(`the fake practice has no ${method}`);
          calls.push(method);
          roots.push((args[0] as DirectoryEntry).serviceRootUrl);
          return answer(...args);
        };
      },
    }) as GpConnectClient;
    return {
      pds: {
        async readPatient(nhsNumber: NhsNumber) {
          calls.push("PDS");
          return (
            (await options.pds?.(nhsNumber, clock)) ?? { kind: "found", record: patient(nhsNumber, clock) }
          );
        },
        searchPatients: () => {
          throw new Error("nobody is searched for here");
        },
      } as LoaderSources["pds"],
      directory: {
        async lookUp(queries) {
          calls.push("SDS");
          if (isUnlisted()) return queries.map(() => ({ kind: "none" }));
          return queries.map(({ odsCode }) => ({
            kind: "entry",
            entry: {
              odsCode,
              asid: "918999198738",
              partyKey: `${odsCode}-0000001`,
              serviceRootUrl: rootUrl(),
            },
          }));
        },
      },
      gpConnect,
      visitorsAndMigrants: {
        fetchChargeableStatus: async () => ({ recorded: false }),
      } as LoaderSources["visitorsAndMigrants"],
      cache: new ScopedCache({ store: new Keyv(), hashKey: this.keyring.derive("cache"), clock }),
      spine: { kind: "directory", query: { odsCode: PRACTICE, partyKey: "p", interaction: "i" }, ttlMs: 1 },
      timeToLive: { patientMs: 1, capabilitiesMs: 1 },
    };
  }
}

/** The harness's person, traced now. */
export function patient(
  nhsNumber: NhsNumber,
  clock: TestClock,
  facts: Partial<PatientRecord> = {},
): PatientRecord {
  return harnessPatient(nhsNumber, clock.now(), facts);
}

export { testCaller };
