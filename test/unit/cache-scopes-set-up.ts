import type { Caller } from "../../src/domain/caller.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { createLoaders, type LoaderSources, type Loaders } from "../../src/loaders/create-loaders.js";
import { createCacheStore } from "../../src/platform/cache/cache-store.js";
import { ScopedCache } from "../../src/platform/cache/scoped-cache.js";
import { Sessions } from "../../src/platform/cache/sessions.js";
import type { DirectoryResult } from "../../src/upstreams/sds/index.js";
import { badResponse } from "../../src/upstreams/upstream-errors.js";
import { TestClock, testCaller, testContext } from "../support/call-context.js";

export const MINUTE_MS = 60_000;
export const PRACTICE = "T81001" as OdsCode;
export const PATIENT = "9000000009" as NhsNumber;
export const STRANGER = "9990000204" as NhsNumber;
const SPINE = {
  odsCode: "YES" as OdsCode,
  partyKey: "YES-0000806",
  interaction: "urn:test:observation:1",
};
export const colleague: Caller = { ...testCaller, person: { ...testCaller.person, localId: "user-8b21" } };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Real loaders, sessions and cache over upstreams that note each call and know one answer. */
export function setUp() {
  const clock = new TestClock();
  const store = createCacheStore();
  closing.push(store.close);
  const calls: string[] = [];
  const directory = { fails: false };
  const root = { url: "https://provider.example" };
  const sources = {
    pds: {
      readPatient: async (nhsNumber: NhsNumber) => {
        calls.push(`PDS ${nhsNumber}`);
        if (nhsNumber === STRANGER) return { kind: "not-found" };
        return { kind: "found", record: { nhsNumber, names: [], tracedAt: clock.now() } };
      },
    },
    directory: {
      lookUp: async (queries: readonly { readonly odsCode: OdsCode }[]): Promise<DirectoryResult[]> =>
        queries.map(({ odsCode }) => {
          calls.push(`SDS ${odsCode}`);
          if (directory.fails) return { kind: "fault", error: badResponse("SDS", "NOT_JSON") };
          const entry = { odsCode, asid: "918999198738", partyKey: "T81001-1", serviceRootUrl: root.url };
          return { kind: "entry", entry };
        }),
    },
    gpConnect: {
      fetchCapabilities: async () => {
        calls.push("SSP capabilities");
        return { interactions: [] };
      },
      searchFreeSlots: async () => {
        calls.push("SSP slots");
        return { slots: [] };
      },
      findPatient: async (_practice: unknown, nhsNumber: NhsNumber) => {
        calls.push("SSP patient");
        return [{ id: "1", nhsNumber }];
      },
      fetchAppointments: async () => {
        calls.push("SSP appointments");
        return [];
      },
      findOrganisation: async () => {
        calls.push("SSP organisation");
        return { odsCode: PRACTICE, addressLines: [] };
      },
    },
    visitorsAndMigrants: {
      fetchChargeableStatus: async () => {
        calls.push("VM status");
        return { recorded: false };
      },
    },
    cache: new ScopedCache({
      store: store.values,
      hashKey: store.keyring.derive("cache keys"),
      clock,
      random: () => 0,
    }),
    spine: { kind: "directory", query: SPINE, ttlMs: 10 * MINUTE_MS },
    timeToLive: { patientMs: 2 * MINUTE_MS, capabilitiesMs: 240 * MINUTE_MS },
  } as unknown as LoaderSources;
  const sessions = new Sessions({ store: store.values, hashKey: store.keyring.derive("sessions"), clock });

  /** One request: fresh loaders, as the server makes them. @returns the calls that it cost. */
  async function request(
    ask: (loaders: Loaders) => Promise<unknown>,
    { caller = testCaller, text }: { readonly caller?: Caller; readonly text?: string | undefined } = {},
  ): Promise<string[]> {
    const before = calls.length;
    const session = text === undefined ? undefined : await sessions.open(text, caller);
    await ask(createLoaders(sources, testContext({ caller }), session)).catch(() => {});
    return calls.slice(before);
  }
  return { clock, calls, directory, root, request };
}
