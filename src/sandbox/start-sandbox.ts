import { type Clock, systemClock } from "../platform/clock.js";
import type { Log } from "../platform/telemetry/log.js";
import { FaultRegistry, type RequestSelector } from "./http/faults.js";
import type { Hold, HoldPoint } from "./http/holds.js";
import { Host } from "./http/host.js";
import type { ReceivedRequest } from "./http/service.js";
import { PDS_BASE, PdsService, TOKEN_PATH } from "./pds/pds-service.js";
import type { PdsApplication } from "./pds/token/check-assertion.js";
import type { Practice } from "./personas/practices.js";
import { PracticeService } from "./practice/practice-service.js";
import type { PracticeState } from "./practice/practice-state.js";
import { PracticeStates } from "./practice/practice-states.js";
import { createDayCache } from "./practice/slot-calendar.js";
import { createDirectory, SPINE } from "./sds/directory.js";
import { SDS_BASE, SdsService } from "./sds/sds-service.js";
import { Forwarder } from "./ssp/forwarder.js";
import { SspService } from "./ssp/ssp-service.js";
import type { SupplierProfile, SupplierProfileName } from "./suppliers/supplier-profile.js";
import { DEFAULT_PROFILE, SUPPLIER_PROFILES } from "./suppliers/supplier-profiles.js";
import { VmService } from "./visitors-and-migrants/vm-service.js";

/** Options of a sandbox. All are optional. */
export interface SandboxOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  /** The consumer that SSP and V&M accredit. Some slots are restricted to its ODS code and organisation type. */
  readonly consumer?: { readonly asid: string; readonly odsCode: string; readonly organisationType?: string };
  /** Further accredited ASIDs, for a server that acts for several organisations. */
  readonly alsoAccredited?: readonly string[];
  /** The supplier profile of practices without one of their own. Default: `strict-1.2.7`. */
  readonly profile?: SupplierProfileName;
  /** Supplier profiles of single practices, by ODS code. They override the profile of the persona. */
  readonly practiceProfiles?: Readonly<Record<string, SupplierProfileName>>;
  /** Seed of the generated data. The same seed gives the same slots on the same dates. */
  readonly seed?: string;
  /** Time between the slot check and the save of two-step suppliers, in milliseconds. Default: 50. */
  readonly saveDelayMs?: number;
  /** Response delay of the slow practice, in milliseconds. */
  readonly slowMs?: number;
  /** The registered PDS application. With it PDS requires access tokens; without it PDS is open. */
  readonly pdsApplication?: PdsApplication;
}

/** A running sandbox. */
export interface Sandbox {
  /** FHIR base URL of PDS. */
  readonly pdsUrl: string;
  /** URL of the token endpoint for PDS. */
  readonly pdsTokenUrl: string;
  /** FHIR base URL of SDS. SDS returns the addresses of the practices and of V&M. */
  readonly sdsUrl: string;
  /** Base URL of the Spine Secure Proxy. */
  readonly sspUrl: string;
  /** All received requests, in order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  readonly faults: FaultRegistry;
  /**
   * Makes matching requests wait until the hold is released: at `processing` before they are processed, at `save`
   * between the slot check and the save of a two-step supplier.
   */
  hold(selector: RequestSelector, point?: HoldPoint): Hold;
  /** The state of each practice by ODS code, for inspection in tests. */
  readonly practices: { get(odsCode: string): PracticeState | undefined };
  /** Revokes all PDS access tokens. Requests with them then get 401. */
  revokePdsTokens(): void;
  /** Stops all services and closes open connections. */
  close(): Promise<void>;
}

const DEFAULT_CONSUMER = { asid: "200000000115", odsCode: "T82000" };
const DEFAULT_SLOW_MS = 15_000;
const DEFAULT_SAVE_DELAY_MS = 50;
const DEFAULT_SEED = "spine-sandbox";
/** Practice days whose slots are kept in memory. Days beyond this number are generated again on demand. */
const MOST_CACHED_DAYS = 20_000;
const VM_BASE = "/vm/fhir";

/** Starts all simulated services on free loopback ports. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = systemClock, log, consumer = DEFAULT_CONSUMER, slowMs = DEFAULT_SLOW_MS } = options;
  const { saveDelayMs = DEFAULT_SAVE_DELAY_MS, seed = DEFAULT_SEED } = options;
  const profileOf = createProfileAssignment(options);
  const faults = new FaultRegistry();
  const host = new Host(faults, log);
  const [pds, sds, ssp, practice, vm] = await Promise.all([
    host.listen(),
    host.listen(),
    host.listen(),
    host.listen(),
    host.listen(),
  ]);
  const directory = createDirectory(
    { practices: practice.origin, visitorsAndMigrants: `${vm.origin}${VM_BASE}` },
    consumer,
    profileOf,
  );
  const accredited = new Set([consumer.asid, ...(options.alsoAccredited ?? [])]);
  const states = new PracticeStates(
    { consumer, seed, dayCache: createDayCache(MOST_CACHED_DAYS) },
    profileOf,
  );
  const forwarder = new Forwarder();
  const pdsService = new PdsService({ clock, origin: pds.origin, application: options.pdsApplication });
  pds.serve(pdsService);
  sds.serve(new SdsService(directory));
  ssp.serve(new SspService(directory, accredited, forwarder));
  practice.serve(
    new PracticeService(states, {
      clock,
      origin: practice.origin,
      delayResponse: () => host.pause(slowMs),
      delaySave: async (subject) => {
        await host.holds.pass(subject, "save");
        await host.pause(saveDelayMs);
      },
    }),
  );
  vm.serve(
    new VmService({
      clock,
      base: VM_BASE,
      senderAsids: accredited,
      receiverAsid: SPINE.asid,
      interaction: SPINE.migrantsInteraction.replace(/:1$/, ""),
    }),
  );
  return {
    pdsUrl: `${pds.origin}${PDS_BASE}`,
    pdsTokenUrl: `${pds.origin}${TOKEN_PATH}`,
    sdsUrl: `${sds.origin}${SDS_BASE}`,
    sspUrl: ssp.origin,
    requests: host.requests,
    faults,
    hold: (selector, point = "processing") => host.holds.add(selector, point),
    practices: states,
    revokePdsTokens: () => pdsService.tokens.revokeAll(),
    close: async () => {
      forwarder.close();
      await host.close();
    },
  };
}

/** The profile of each practice: by ODS code, else of the persona, else the default. */
function createProfileAssignment(options: SandboxOptions): (practice: Practice) => SupplierProfile {
  const { practiceProfiles = {}, profile = DEFAULT_PROFILE } = options;
  return (practice) => SUPPLIER_PROFILES[practiceProfiles[practice.odsCode] ?? practice.profile ?? profile];
}
