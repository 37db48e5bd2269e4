import type { ScopedCache, Session } from "../platform/cache/scoped-cache.js";
import type { CallContext } from "../platform/call-context.js";
import type { PdsClient } from "../upstreams/pds/index.js";
import type { Directory } from "../upstreams/sds/index.js";
import type { GpConnectClient } from "../upstreams/ssp/index.js";
import type { VisitorsAndMigrantsClient } from "../upstreams/visitors-and-migrants/index.js";
import { createAtPractice } from "./at-practice.js";
import { BatchBarrier } from "./batch-barrier.js";
import { createChargeableStatusLoader } from "./chargeable-status.loader.js";
import { createEndpointLoaders, type SpineEndpointSource } from "./endpoint.loader.js";
import { createPatientLoader } from "./patient.loader.js";
import { createPatientSearchLoader } from "./patient-search.loader.js";
import { createPracticeLoaders } from "./practice.loader.js";
import { createPracticeRecordLoaders } from "./practice-record.loader.js";

/** What lives as long as the process; the loaders over it are made anew for each request. */
export interface LoaderSources {
  readonly pds: PdsClient;
  readonly directory: Directory;
  readonly gpConnect: GpConnectClient;
  readonly visitorsAndMigrants: VisitorsAndMigrantsClient;
  readonly reuse: ScopedCache;
  readonly spine: SpineEndpointSource;
  readonly lives: { readonly patientMs: number; readonly capabilitiesMs: number };
}

/** Everything that one request may read, each by its key, each asked for once and only when a field needs it. */
export type Loaders = ReturnType<typeof createLoaders>;

export function createLoaders(sources: LoaderSources, context: CallContext, session: Session | undefined) {
  const { reuse, gpConnect, lives } = sources;
  const waves = new BatchBarrier();
  const endpoints = createEndpointLoaders(context, { ...sources, session, waves });
  const atPractice = createAtPractice(endpoints);
  const practice = createPracticeLoaders(context, atPractice, {
    gpConnect,
    reuse,
    capabilitiesTtlMs: lives.capabilitiesMs,
  });
  const records = createPracticeRecordLoaders(context, atPractice, gpConnect);
  return {
    patient: createPatientLoader(context, {
      pds: sources.pds,
      reuse,
      session,
      ttlMs: lives.patientMs,
      waves,
    }),
    patientSearch: createPatientSearchLoader(context, sources.pds),
    ...endpoints,
    ...practice,
    ...records,
    chargeableStatus: createChargeableStatusLoader(context, endpoints, sources.visitorsAndMigrants),
    /** After a command: what a practice holds may have changed. */
    clearPracticeResponses(): void {
      practice.slotWindow.clearAll();
      practice.slotRange.clearAll();
      records.appointments.clearAll();
      records.practicePatient.clearAll();
    },
  };
}
