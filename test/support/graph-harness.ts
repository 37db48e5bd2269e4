import { type GraphQLError, type GraphQLFormattedError, type GraphQLSchema, Kind, parse } from "graphql";
import Keyv from "keyv";
import type { CommandCoordinator } from "../../src/commands/command-coordinator.js";
import { startOfLondonDate, toLondonDate, toLondonDateTime } from "../../src/domain/london-time.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import type { PatientRecord } from "../../src/domain/patient.js";
import { SCOPES, type Scope } from "../../src/domain/scope.js";
import type { Slot } from "../../src/domain/slot.js";
import type { GraphContext } from "../../src/graph/context.js";
import { ResponseSize } from "../../src/graph/response-size.js";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { createLoaders, type LoaderSources } from "../../src/loaders/create-loaders.js";
import { ScopedCache } from "../../src/platform/cache/scoped-cache.js";
import { SESSION_MS } from "../../src/platform/cache/sessions.js";
import { createKeyring } from "../../src/platform/crypto/keyring.js";
import { createAppointmentIds } from "../../src/platform/ids/appointment-id.js";
import { createSlotIds } from "../../src/platform/ids/slot-id.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { createErrorFormatter } from "../../src/server/errors/format-error.js";
import { variableErrorsPlugin } from "../../src/server/plugins/variable-errors.plugin.js";
import type { PdsClient } from "../../src/upstreams/pds/index.js";
import type { Directory } from "../../src/upstreams/sds/index.js";
import type { GpConnectClient } from "../../src/upstreams/ssp/index.js";
import type { VisitorsAndMigrantsClient } from "../../src/upstreams/visitors-and-migrants/index.js";
import { appointmentList } from "./appointment-list.js";
import { TestClock, type TestContext, testContext } from "./call-context.js";
import { executeAsServed } from "./engine.js";
import { createTestCoordinator } from "./test-coordinator.js";

const MINUTE_MS = 60_000;

/** Where the harness's patients are registered unless a test says otherwise. */
export const HARNESS_PRACTICE = "T81001" as OdsCode;

/** Methods of the upstream clients that a test stands in for; the others keep a sensible answer, or say that they have none. */
export interface HarnessFakes {
  readonly pds?: Partial<PdsClient>;
  readonly directory?: Partial<Directory>;
  readonly gpConnect?: Partial<GpConnectClient>;
  readonly visitorsAndMigrants?: Partial<VisitorsAndMigrantsClient>;
}

export interface HarnessOptions extends HarnessFakes {
  readonly clock?: TestClock;
  readonly sources?: Partial<LoaderSources>;
}

/** One method of an upstream client called; the arguments without the call context. */
export interface HarnessCall {
  readonly client: keyof HarnessFakes;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** An answer as the server would send it: errors in the contract's words. */
export interface HarnessAnswer<T> {
  /** Undefined, whatever the type says, when the operation was refused as a whole. */
  readonly data: T;
  readonly errors: readonly GraphQLFormattedError[];
}

export interface GraphHarness {
  readonly clock: TestClock;
  readonly calls: HarnessCall[];
  readonly commands: CommandCoordinator;
  /** The calls so far by name: `{ "gpConnect.searchFreeSlots": 2 }`. */
  counts(): Record<string, number>;
  forgetCalls(): void;
  /** The audit and call log of the latest operation. */
  lastContext(): TestContext;
  /** Runs one operation as a request of its own; those with the same `session` text share a session. */
  run<T = unknown>(
    query: string,
    variables?: Record<string, unknown>,
    options?: { readonly session?: string; readonly scopes?: readonly Scope[] },
  ): Promise<HarnessAnswer<T>>;
}

let schema: ReturnType<typeof createSubgraphSchema> | undefined;

/** The real schema, loaders and cache over fake upstream clients that note each call. Nothing leaves the process. */
export function createGraphHarness(options: HarnessOptions = {}): GraphHarness {
  const clock = options.clock ?? new TestClock();
  const calls: HarnessCall[] = [];
  const keyring = createKeyring("a secret that only tests know, of 32 characters or more");
  const defaults = defaultFakes(clock);
  const fake = <T extends object>(client: keyof HarnessFakes, given: Partial<T> | undefined): T =>
    recording<T>(client, { ...defaults[client], ...given }, calls);
  const sources: LoaderSources = {
    pds: fake<PdsClient>("pds", options.pds),
    directory: fake<Directory>("directory", options.directory),
    gpConnect: fake<GpConnectClient>("gpConnect", options.gpConnect),
    visitorsAndMigrants: fake<VisitorsAndMigrantsClient>("visitorsAndMigrants", options.visitorsAndMigrants),
    cache: new ScopedCache({ store: new Keyv(), hashKey: keyring.derive("cache keys"), clock }),
    spine: {
      kind: "directory",
      query: { odsCode: "YES" as OdsCode, partyKey: "YES-0000806", interaction: "urn:test:observation:1" },
      ttlMs: 10 * MINUTE_MS,
    },
    timeToLive: { patientMs: 2 * MINUTE_MS, capabilitiesMs: 240 * MINUTE_MS },
    ...options.sources,
  };
  const commands = createTestCoordinator({ clock });
  const formatError = createErrorFormatter(createLog("silent"));
  let last = testContext();

  return {
    clock,
    calls,
    commands,
    counts() {
      const names = calls.map(({ client, method }) => `${client}.${method}`);
      return Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]));
    },
    forgetCalls: () => void calls.splice(0),
    lastContext: () => last,
    async run(query, variables, { session, scopes = SCOPES } = {}) {
      const call = testContext();
      last = call;
      const open = session === undefined ? undefined : { id: session, endsAt: clock.now() + SESSION_MS };
      const context: GraphContext = {
        call,
        loaders: createLoaders(sources, call, open),
        gpConnect: sources.gpConnect,
        slotIds: createSlotIds(keyring),
        appointmentIds: createAppointmentIds(keyring),
        commands,
        clock,
        nhsNumberRules: { allowRepeatedDigits: false },
        now: clock.now(),
        responseSize: new ResponseSize(),
        scopes: new Set(scopes),
      };
      schema ??= createSubgraphSchema();
      const result = await executeAsServed({
        schema: (await schema).schema,
        source: query,
        variables,
        context,
      });
      return {
        data: result.data === undefined ? undefined : JSON.parse(JSON.stringify(result.data)),
        errors: (await describedAsServed(result.errors ?? [], query, variables, (await schema).schema)).map(
          (error) => formatError(asServed(error), error),
        ),
      };
    },
  };
}

/** Finds the faulty variables first, as the server does: `formatError` knows neither the schema nor the variables. */
async function describedAsServed(
  errors: readonly GraphQLError[],
  query: string,
  variables: Record<string, unknown> | undefined,
  graphQLSchema: GraphQLSchema,
): Promise<readonly GraphQLError[]> {
  if (!errors.some(({ nodes }) => nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION)) return errors;
  const operation = parse(query).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const request = { errors, operation, request: { variables }, schema: graphQLSchema };
  variableErrorsPlugin.didEncounterErrors?.(request as never);
  return errors;
}

/** What the server library does first: an error from before execution is the request's own fault. */
function asServed(error: GraphQLError): GraphQLFormattedError {
  const formatted = error.toJSON();
  return error.path ? formatted : { ...formatted, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } };
}

function recording<T extends object>(client: keyof HarnessFakes, methods: object, calls: HarnessCall[]): T {
  return new Proxy(methods, {
    get(target, method: string) {
      const answer: unknown = Reflect.get(target, method);
      return (...args: unknown[]) => {
        // Every method of every client takes the call context, which says nothing of what is asked.
        calls.push({ client, method, args: args.filter((arg) => !isCallContext(arg)) });
        if (typeof answer !== "function") throw new Error(`the test gives no ${client}.${method}`);
        return Reflect.apply(answer, target, args);
      };
    },
  }) as T;
}

function isCallContext(argument: unknown): boolean {
  return typeof argument === "object" && argument !== null && "correlationId" in argument;
}

function defaultFakes(clock: TestClock): HarnessFakes {
  return {
    pds: {
      readPatient: async (nhsNumber) => ({
        kind: "found",
        record: harnessPatient(nhsNumber, clock.now()),
      }),
    },
    directory: {
      lookUp: async (queries) =>
        queries.map(({ odsCode }) => ({
          kind: "entry",
          entry: {
            odsCode,
            asid: "918999198738",
            partyKey: `${odsCode}-0000001`,
            serviceRootUrl: `https://provider.example/${odsCode}/STU3/1/gpconnect/fhir`,
          },
        })),
    },
    gpConnect: {
      fetchCapabilities: async () => ({
        gpConnectVersion: "1.2.7",
        fhirVersion: "3.0.1",
        interactions: ["Slot.search-type", "Appointment.create"],
      }),
      searchFreeSlots: async (_practice, { start, end }) => ({
        slots: dailySlots(Date.parse(start), Date.parse(end)),
      }),
      findOrganisation: async ({ odsCode }) => ({
        odsCode,
        name: `Practice ${odsCode}`,
        addressLines: ["1 Invented Lane"],
        postalCode: "ZZ99 3CZ",
      }),
      findPatient: async (_practice, nhsNumber) => [{ id: `patient-${nhsNumber}`, nhsNumber }],
      fetchAppointments: async () => appointmentList(),
    },
    visitorsAndMigrants: { fetchChargeableStatus: async () => ({ recorded: false }) },
  };
}

/** A synthetic person, alive, unrestricted and registered at {@link HARNESS_PRACTICE}. */
export function harnessPatient(
  nhsNumber: NhsNumber,
  tracedAt: number,
  facts: Partial<PatientRecord> = {},
): PatientRecord {
  return {
    nhsNumber,
    requestedNhsNumber: nhsNumber,
    confidentiality: "U",
    names: [{ use: "usual", family: "Testperson", given: ["Ida"], prefix: ["Ms"], suffix: [] }],
    gender: "female",
    birthDate: "1952-05-31",
    addresses: [],
    telecoms: [],
    registeredPractice: { odsCode: HARNESS_PRACTICE },
    tracedAt,
    ...facts,
  };
}

/** A slot with its times as a practice writes them. */
export function harnessSlot(startMs: number, facts: Partial<Slot> = {}, minutes = 10): Slot {
  return {
    id: `slot-${startMs}`,
    start: toLondonDateTime(startMs),
    end: toLondonDateTime(startMs + minutes * MINUTE_MS),
    scheduleId: "schedule-1",
    location: { id: "location-1", addressLines: [] },
    ...facts,
  };
}

/** One slot on each London day, at ten hours after its midnight, that lies wholly inside the range. */
export function dailySlots(fromMs: number, toMs: number): Slot[] {
  const slots: Slot[] = [];
  for (let day = startOfLondonDate(toLondonDate(fromMs)); day < toMs; day = nextDay(day)) {
    const start = day + 600 * MINUTE_MS;
    if (start >= fromMs && start + 10 * MINUTE_MS <= toMs) slots.push(harnessSlot(start));
  }
  return slots;
}

/** A day has 23 to 25 hours. */
function nextDay(midnight: number): number {
  return startOfLondonDate(toLondonDate(midnight + 36 * 60 * MINUTE_MS));
}
