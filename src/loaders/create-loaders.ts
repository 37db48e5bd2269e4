import type { ScopedCache, Session } from "../platform/cache/scoped-cache.js";
import type { CallContext } from "../upstreams/call-context.js";
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

/** What lasts as long as the process. Each request has loaders of its own over it. */
export interface LoaderSources {
  readonly pds: PdsClient;
  readonly directory: Directory;
  readonly gpConnect: GpConnectClient;
  readonly visitorsAndMigrants: VisitorsAndMigrantsClient;
  readonly cache: ScopedCache;
  readonly spine: SpineEndpointSource;
  readonly timeToLive: { readonly patientMs: number; readonly capabilitiesMs: number };
}

/** Everything that one request may read, by key. Each key is fetched once, and only when a field needs it. */
export type Loaders = ReturnType<typeof createLoaders>;

/** Loaders are created when they are first used: most operations need a few of them. */
export function createLoaders(sources: LoaderSources, context: CallContext, session: Session | undefined) {
  const { cache, gpConnect, timeToLive } = sources;
  const barrier = new BatchBarrier();
  const endpoints = lazy(() => createEndpointLoaders(context, { ...sources, session, barrier }));
  const atPractice = lazy(() => createAtPractice(endpoints()));
  const practice = lazy(() =>
    createPracticeLoaders(context, atPractice(), {
      gpConnect,
      cache,
      capabilitiesTtlMs: timeToLive.capabilitiesMs,
    }),
  );
  const records = lazy(() => createPracticeRecordLoaders(context, atPractice(), gpConnect));
  const patient = lazy(() =>
    createPatientLoader(context, {
      pds: sources.pds,
      cache,
      session,
      ttlMs: timeToLive.patientMs,
      barrier,
    }),
  );
  const patientSearch = lazy(() => createPatientSearchLoader(context, sources.pds));
  const chargeableStatus = lazy(() =>
    createChargeableStatusLoader(context, endpoints(), sources.visitorsAndMigrants),
  );
  return {
    get patient() {
      return patient();
    },
    get patientSearch() {
      return patientSearch();
    },
    get practiceEndpoint() {
      return endpoints().practiceEndpoint;
    },
    get renewedEndpoint() {
      return endpoints().renewedEndpoint;
    },
    get spineEndpoint() {
      return endpoints().spineEndpoint;
    },
    get capabilities() {
      return practice().capabilities;
    },
    get slots() {
      return practice().slots;
    },
    get organisation() {
      return practice().organisation;
    },
    get serviceFiltering() {
      return practice().serviceFiltering;
    },
    get healthcareService() {
      return practice().healthcareService;
    },
    get practicePatient() {
      return records().practicePatient;
    },
    get appointments() {
      return records().appointments;
    },
    get location() {
      return records().location;
    },
    get practitioner() {
      return records().practitioner;
    },
    get chargeableStatus() {
      return chargeableStatus();
    },
    /** For use after a command, which may have changed what the practice holds. */
    clearPracticeResponses(): void {
      practice().slots.clearAll();
      records().appointments.clearAll();
      records().practicePatient.clearAll();
    },
  };
}

function lazy<T>(create: () => T): () => T {
  let created: { readonly value: T } | undefined;
  return () => {
    created ??= { value: create() };
    return created.value;
  };
}
