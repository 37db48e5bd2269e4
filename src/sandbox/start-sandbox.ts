import { randomUUID } from "node:crypto";
import { CONSOLE_ASSETS } from "./console/console-assets.js";
import { ConsoleService } from "./console/console-service.js";
import { ControlService } from "./control/control-service.js";
import { SandboxClock } from "./control/sandbox-clock.js";
import { type Fault, FaultRegistry } from "./http/faults.js";
import { Host, type Listener } from "./http/host.js";
import { routeAllTo, routeByPrefix } from "./http/routes.js";
import { PDS_BASE, PdsService, TOKEN_PATH } from "./pds/pds-service.js";
import type { Practice } from "./personas/practices.js";
import { Population } from "./population/population.js";
import { PracticeService } from "./practice/practice-service.js";
import { PracticeStates } from "./practice/practice-states.js";
import { createDayCache } from "./practice/slot-calendar.js";
import type { Sandbox, SandboxOptions, SandboxUrls } from "./sandbox-options.js";
import { createDirectory, SPINE } from "./sds/directory.js";
import { SDS_BASE, SdsService } from "./sds/sds-service.js";
import { Forwarder } from "./ssp/forwarder.js";
import { SspService } from "./ssp/ssp-service.js";
import { ldapTls, startLdap } from "./start-ldap.js";
import type { SupplierProfile } from "./suppliers/supplier-profile.js";
import { DEFAULT_PROFILE, SUPPLIER_PROFILES } from "./suppliers/supplier-profiles.js";
import type { SandboxTls } from "./tls/prepare-tls.js";
import { VmService } from "./visitors-and-migrants/vm-service.js";

const DEFAULT_CONSUMER = { asid: "200000000115", odsCode: "T82000" };
const DEFAULT_SLOW_MS = 15_000;
const DEFAULT_SSP_TIMEOUT_MS = 30_000;
const DEFAULT_SAVE_DELAY_MS = 50;
const DEFAULT_SEED = "spine-sandbox";
/** Practice days whose slots are kept in memory. Days beyond this number are generated again on demand. */
const MOST_CACHED_DAYS = 5_000;
const VM_BASE = "/vm/fhir";
/** The HTTP ports of a sandbox, in order. The port of LDAP follows them. */
const PORTS = ["gateway", "pds", "sds", "ssp", "practices", "vm"] as const;

/** Starts all simulated services on loopback. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = new SandboxClock(), log, consumer = DEFAULT_CONSUMER, slowMs = DEFAULT_SLOW_MS } = options;
  const { saveDelayMs = DEFAULT_SAVE_DELAY_MS } = options;
  let seed = options.seed ?? DEFAULT_SEED;
  const profileOf = createProfileAssignment(options);
  const population = new Population(options.population ?? { practices: 0, patients: 0 }, seed);
  const faults = new FaultRegistry();
  const tls = await openTls(options.tls);
  const host = new Host(clock, faults, log, options.bind, tls);
  const stop = async () => {
    await host.close();
    tls?.remove();
  };
  const listeners = await openPorts(host, options.port).catch(after(stop));
  const origins = createUrls(listeners);
  const directory = createDirectory(
    { practices: origins.practices, visitorsAndMigrants: origins.vm },
    consumer,
    profileOf,
    population,
  );
  const ldapPort = options.port === undefined ? 0 : options.port + PORTS.length;
  const ldap = await startLdap({ host, directory, port: ldapPort, tls: tls && ldapTls(tls), log }).catch(
    after(stop),
  );
  const urls: SandboxUrls = { ...origins, ldap: ldap.url };
  const accredited = new Set([consumer.asid, ...(options.alsoAccredited ?? [])]);
  const states = new PracticeStates(
    { population, consumer, seed, dayCache: createDayCache(MOST_CACHED_DAYS) },
    profileOf,
  );
  const proxySecret = randomUUID();
  const forwarder = new Forwarder(proxySecret, options.sspTimeoutMs ?? DEFAULT_SSP_TIMEOUT_MS, tls?.proxy);
  const pds = new PdsService({
    population,
    clock,
    origin: listeners.pds.origin,
    tokenUrls: [urls.pdsToken, `${urls.gateway}/token`],
    application: options.pdsApplication,
    rateLimits: options.pdsRateLimits,
    log,
  });
  const sds = new SdsService(directory, clock, options.sdsRateLimits);
  const ssp = new SspService(directory, accredited, forwarder, population);
  const practice = new PracticeService(states, {
    clock,
    log,
    proxySecret,
    origin: urls.practices,
    isPdsReachable: () => !faults.list().some(isPdsOutage),
    delayResponse: () => host.pause(slowMs),
    delaySave: async (subject) => {
      await host.holds.pass(subject, "save");
      await host.pause(saveDelayMs);
    },
  });
  const vm = new VmService({
    log,
    population,
    clock,
    base: VM_BASE,
    senderAsids: accredited,
    receiverAsid: SPINE.asid,
    interaction: SPINE.migrantsInteraction.replace(/:1$/, ""),
    variants: options.vmVariants,
  });
  for (const [listener, service] of [
    [listeners.pds, pds],
    [listeners.sds, sds],
    [listeners.ssp, ssp],
    [listeners.practices, practice],
    [listeners.vm, vm],
  ] as const) {
    listener.serve(routeAllTo(service));
  }
  const reset = () => {
    states.reset();
    faults.clear();
    host.clearRequests();
    pds.tokens.revokeAll();
    pds.audited.length = 0;
    directory.reset();
    sds.reset();
  };
  const control = new ControlService({
    clock,
    faults,
    requests: host.requests,
    urls,
    states,
    services: { PDS: pds, SDS: sds, PRACTICE: practice, VM: vm },
    proxySecret,
    seed: {
      get current() {
        return seed;
      },
      change: (next) => {
        seed = next;
        population.reseed(next);
        states.reseed(next);
        reset();
      },
    },
    description: { profile: options.profile ?? DEFAULT_PROFILE },
    consumer,
    profileOf: (odsCode) => {
      const found = population.practiceByCode(odsCode);
      return found && profileOf(found);
    },
    reset,
    clearJournal: () => host.clearRequests(),
  });
  const console = new ConsoleService(options.consoleAssets ?? CONSOLE_ASSETS);
  listeners.gateway.serve(
    routeByPrefix([
      { prefix: "/", target: { control: console }, base: "/" },
      { prefix: "/console", target: { control: console }, base: "/console" },
      { prefix: "/pds", target: { service: pds }, base: PDS_BASE },
      { prefix: "/token", target: { service: pds }, base: TOKEN_PATH },
      { prefix: "/sds", target: { service: sds }, base: SDS_BASE },
      { prefix: "/ssp", target: { service: ssp }, base: "" },
      { prefix: "/vm", target: { service: vm }, base: VM_BASE },
      { prefix: "/__sandbox", target: { control }, base: "" },
    ]),
  );
  return {
    urls,
    pdsUrl: urls.pds,
    pdsTokenUrl: urls.pdsToken,
    sdsUrl: urls.sds,
    ldapUrl: urls.ldap,
    sspUrl: urls.ssp,
    tlsFiles: tls?.files,
    requests: host.requests,
    auditedPatients: pds.audited,
    directory: { move: (odsCode) => directory.move(odsCode), timeOut: (reads) => sds.timeOut(reads) },
    faults,
    hold: (selector, point = "processing") => host.holds.add(selector, point),
    practices: states,
    reset,
    revokePdsTokens: () => pds.tokens.revokeAll(),
    close: async () => {
      forwarder.close();
      await Promise.all([stop(), ldap.close()]);
    },
  };
}

/** Whether a fault makes PDS unreachable for the practices as well. */
function isPdsOutage({ service, kind }: Fault): boolean {
  if (service !== "PDS") return false;
  return (
    kind === "reset" ||
    kind === "hang" ||
    (typeof kind === "object" && "status" in kind && kind.status >= 500)
  );
}

type Listeners = Readonly<Record<(typeof PORTS)[number], Listener>>;

/** Opens the ports. With a first port they follow one another in the order of `PORTS`. */
async function openPorts(host: Host, firstPort: number | undefined): Promise<Listeners> {
  const opened = await Promise.all(
    PORTS.map(async (name, index) => [
      name,
      await host.listen(firstPort === undefined ? 0 : firstPort + index),
    ]),
  );
  return Object.fromEntries(opened) as Listeners;
}

/** Stops what has been started when the start fails. */
function after(stop: () => Promise<void>): (error: unknown) => Promise<never> {
  return async (error) => {
    await stop();
    throw error;
  };
}

/** The code for certificates is loaded with TLS only: it takes time. */
async function openTls(tls: SandboxOptions["tls"] = false): Promise<SandboxTls | undefined> {
  if (tls === false) return undefined;
  const { prepareTls } = await import("./tls/prepare-tls.js");
  return prepareTls(tls === true ? undefined : tls.folder);
}

function createUrls({ gateway, pds, sds, ssp, vm, practices }: Listeners): Omit<SandboxUrls, "ldap"> {
  return {
    gateway: gateway.origin,
    pds: `${pds.origin}${PDS_BASE}`,
    pdsToken: `${pds.origin}${TOKEN_PATH}`,
    sds: `${sds.origin}${SDS_BASE}`,
    ssp: ssp.origin,
    vm: `${vm.origin}${VM_BASE}`,
    practices: practices.origin,
  };
}

/** The profile of each practice: by ODS code, else of the persona, else the default. */
function createProfileAssignment(options: SandboxOptions): (practice: Practice) => SupplierProfile {
  const { practiceProfiles = {}, profile = DEFAULT_PROFILE } = options;
  return (practice) => SUPPLIER_PROFILES[practiceProfiles[practice.odsCode] ?? practice.profile ?? profile];
}
