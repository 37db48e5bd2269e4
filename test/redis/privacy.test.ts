import type { NhsNumber } from "../../src/domain/nhs-number.js";
import { createLoaders } from "../../src/loaders/create-loaders.js";
import { systemClock } from "../../src/platform/clock.js";
import { readConfig } from "../../src/platform/config/config.js";
import { CallLog } from "../../src/platform/telemetry/call-log.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { IDENTITIES } from "../../src/sandbox/personas/identities.js";
import { PRACTICES } from "../../src/sandbox/personas/practices.js";
import { createDependencies, type Dependencies } from "../../src/server/dependencies.js";
import { testCaller, testContext } from "../support/call-context.js";
import { createLazyStore } from "../support/memory-intent-store.js";
import { describeNeeding } from "../support/needs.js";
import { startRedis, type TestRedis, until } from "../support/redis.js";
import { SECRET } from "./instance.js";

const SESSION_TEXT = "encounter-of-9000000009";

/** All that tells of a person, a practice or a caller. */
const SECRETS = [
  SESSION_TEXT,
  testCaller.person.localId,
  testCaller.person.family,
  testCaller.organisation.odsCode,
  ...PRACTICES.flatMap(({ odsCode, name }) => [odsCode, name]),
  ...IDENTITIES.flatMap(({ nhsNumber, family, given, birthDate, postalCode, lines, phone }) => [
    ...[nhsNumber, family, birthDate, postalCode, phone],
    ...given,
    ...lines,
  ]),
];

// A real server has to come up, and come back; a busy machine takes its time.
jest.setTimeout(30_000);

describeNeeding("redis-server", "the graph's own answers in a shared Redis", () => {
  let redis: TestRedis;
  let sandbox: Sandbox;
  let instances: Dependencies[];
  beforeAll(async () => {
    [redis, sandbox] = await Promise.all([startRedis(), startSandbox({ slowMs: 1 })]);
    instances = [await createInstance(), await createInstance()];
    await Promise.all(instances.map(usesRedis));
  });
  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.close()));
    await Promise.all([sandbox.close(), redis.stop()]);
  });

  /** The whole of a process, as the server builds it, without the server. */
  async function createInstance(): Promise<Dependencies> {
    const store = await createLazyStore(systemClock).open();
    return createDependencies({
      config: readConfig({ CACHE_URL: redis.url, CACHE_ENCRYPTION_KEY: SECRET }),
      urls: { pds: sandbox.pdsUrl, sds: sandbox.sdsUrl, ssp: sandbox.sspUrl },
      clock: systemClock,
      log: createLog("silent"),
      store,
    });
  }

  /** The connection is made in the background; from then on a session once opened is found again. */
  async function usesRedis({ sessions }: Dependencies): Promise<void> {
    const open = () => sessions.open("probe", testCaller);
    await until("the connection", async () => {
      const [one, two] = [await open(), await open()];
      return one.id === two.id && (await redis.dump()).size > 0;
    });
  }

  /** One request for everything there is about a patient. @returns the services that it called. */
  async function card(instance: Dependencies, nhsNumber: NhsNumber): Promise<string[]> {
    const { sources, sessions, resilience } = instance;
    const calls = new CallLog(systemClock);
    const context = testContext({ calls, resilience, signal: AbortSignal.timeout(10_000) });
    const loaders = createLoaders(sources, context, await sessions.open(SESSION_TEXT, testCaller));
    const found = await loaders.patient.load(nhsNumber).catch(() => undefined);
    const odsCode = found?.kind === "found" ? found.record.registeredPractice?.odsCode : undefined;
    const from = systemClock.now();
    await Promise.allSettled([
      loaders.chargeableStatus.load(nhsNumber),
      ...(odsCode === undefined
        ? []
        : [
            loaders.capabilities.load(odsCode),
            loaders.slots.search({
              odsCode,
              range: { from, to: from + 86_400_000 },
              now: from,
              stopWhenFound: false,
            }),
            loaders.practicePatient.load({ odsCode, nhsNumber }),
          ]),
    ]);
    return calls.calls.map(({ service, interaction }) => `${service} ${interaction.split(":").at(-1)}`);
  }

  test("what one instance traced and looked up, the other need not", async () => {
    const [one, other] = instances as [Dependencies, Dependencies];
    const first = await card(one, "9000000009" as NhsNumber);
    expect(first).toEqual(expect.arrayContaining(["PDS Patient.read", "SDS Endpoint", "SSP metadata-1"]));
    const second = await card(other, "9000000009" as NhsNumber);
    expect(second.filter((call) => /PDS|SDS|metadata/.test(call))).toEqual([]);
    // What may never be reused is asked for each time.
    expect(second.filter((call) => call.startsWith("VM"))).toHaveLength(1);
    expect(second.filter((call) => call.startsWith("SSP")).length).toBeGreaterThanOrEqual(2);
  });

  // Proves HAZ-REVEALED.
  test("a dump of it holds no number, name, birth date, address or code of the whole cast", async () => {
    const [one] = instances as [Dependencies, Dependencies];
    for (const { nhsNumber } of IDENTITIES) await card(one, nhsNumber as NhsNumber);
    const dump = await redis.dump();
    // A record for nearly everybody, an entry for nearly each practice, a capability statement or several.
    expect(dump.size).toBeGreaterThan(20);

    for (const name of dump.keys()) expect(name).toMatch(/^spine-graph::[\w-]{43}$/);
    for (const text of dump.values()) expect(text).toMatch(/^e1\.[\w-]{8}\.[\w-]+$/);
    const decoded = [...dump].flatMap((pair) =>
      pair.flatMap((text) =>
        text.split(/[.:]/).map((part) => Buffer.from(part, "base64url").toString("latin1")),
      ),
    );
    const everything = [...dump.keys(), ...dump.values(), ...decoded].join("\n");
    // Names of fewer letters may turn up in random text by chance, and the forms above leave no room for them.
    const forbidden = SECRETS.filter((text) => text.length >= 6);
    expect(forbidden.length).toBeGreaterThan(80);
    expect(forbidden.filter((secret) => everything.includes(secret))).toEqual([]);
  });
});
