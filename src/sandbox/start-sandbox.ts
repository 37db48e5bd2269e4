import { toLondonDate } from "../domain/london-time.js";
import { type Clock, systemClock } from "../platform/clock.js";
import type { Log } from "../platform/telemetry/log.js";
import { FaultRegistry } from "./http/faults.js";
import { Host } from "./http/host.js";
import type { ReceivedRequest } from "./http/service.js";
import { PDS_BASE, PdsService, TOKEN_PATH } from "./pds/pds-service.js";
import type { PdsApplication } from "./pds/token/check-assertion.js";
import type { PracticeState } from "./practice/practice-state.js";
import { PracticeStates } from "./practice/practice-states.js";
import { PracticeService } from "./practice/practice-service.js";
import { createDirectory, SPINE } from "./sds/directory.js";
import { SDS_BASE, SdsService } from "./sds/sds-service.js";
import { Forwarder } from "./ssp/forwarder.js";
import { SspService } from "./ssp/ssp-service.js";
import { VmService } from "./visitors-and-migrants/vm-service.js";

/** How a sandbox may be set up; everything has a default. */
export interface SandboxOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  /** The consumer that SSP and V&M accredit; for its ODS code and type a few slots are kept. */
  readonly consumer?: { readonly asid: string; readonly odsCode: string; readonly organisationType?: string };
  /** ASIDs of further consumers that may call, where one server acts for several organisations. */
  readonly alsoAccredited?: readonly string[];
  /** How late the slow practice answers, in milliseconds. */
  readonly slowMs?: number;
  /** The application that PDS knows. With it PDS wants tokens; left out, it is open. */
  readonly pdsApplication?: PdsApplication;
}

/** A running sandbox. */
export interface Sandbox {
  /** The FHIR base of PDS. */
  readonly pdsUrl: string;
  /** Where tokens for PDS are to be had. */
  readonly pdsTokenUrl: string;
  /** The FHIR base of SDS, where everything else can be looked up. */
  readonly sdsUrl: string;
  /** The Spine Secure Proxy. */
  readonly sspUrl: string;
  /** Everything received, in order. */
  readonly requests: readonly ReceivedRequest[];
  readonly faults: FaultRegistry;
  /** What each practice keeps, by ODS code, for tests to look at. */
  readonly practices: { get(odsCode: string): PracticeState | undefined };
  /** PDS knows none of its tokens any more, so that each is answered 401. */
  revokePdsTokens(): void;
  /** Ends everything at once; open connections are cut. */
  close(): Promise<void>;
}

const DEFAULT_CONSUMER = { asid: "200000000115", odsCode: "T82000" };
const DEFAULT_SLOW_MS = 15_000;
const VM_BASE = "/vm/fhir";

/** Starts all simulated services on free loopback ports. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = systemClock, log, consumer = DEFAULT_CONSUMER, slowMs = DEFAULT_SLOW_MS } = options;
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
  );
  const accredited = new Set([consumer.asid, ...(options.alsoAccredited ?? [])]);
  const states = new PracticeStates(toLondonDate(clock.now()), consumer);
  const forwarder = new Forwarder();
  const pdsService = new PdsService({ clock, origin: pds.origin, application: options.pdsApplication });
  pds.serve(pdsService);
  sds.serve(new SdsService(directory));
  ssp.serve(new SspService(directory, accredited, forwarder));
  practice.serve(
    new PracticeService(states, { clock, origin: practice.origin, delayResponse: () => host.pause(slowMs) }),
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
    practices: states,
    revokePdsTokens: () => pdsService.tokens.revokeAll(),
    close: async () => {
      forwarder.close();
      await host.close();
    },
  };
}
