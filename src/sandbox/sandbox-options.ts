import type { Clock } from "../platform/clock.js";
import type { Log } from "../platform/telemetry/log.js";
import type { FaultRegistry, RequestSelector } from "./http/faults.js";
import type { Hold, HoldPoint } from "./http/holds.js";
import type { ReceivedRequest } from "./http/service.js";
import type { PdsApplication } from "./pds/token/check-assertion.js";
import type { PopulationSize } from "./population/population.js";
import type { PracticeState } from "./practice/practice-state.js";
import type { RateLimits } from "./shared/token-bucket.js";
import type { SupplierProfileName } from "./suppliers/supplier-profile.js";
import type { TlsFiles } from "./tls/credential-files.js";
import type { VmVariants } from "./visitors-and-migrants/vm-variants.js";

/** Options of a sandbox. All are optional. */
export interface SandboxOptions {
  /** The clock of all services. Default: a `SandboxClock`, which the control API can move. */
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
  /** Generated practices (`T90000` and following) and patients in addition to the personas. Default: none. */
  readonly population?: PopulationSize;
  /** Time between the slot check and the save of two-step suppliers, in milliseconds. Default: 50. */
  readonly saveDelayMs?: number;
  /** Response delay of the slow practice, in milliseconds. Default: 15,000. */
  readonly slowMs?: number;
  /** How long the proxy waits for a practice before it responds 504, in milliseconds. Default: 30,000. */
  readonly sspTimeoutMs?: number;
  /** The registered PDS application. With it PDS requires access tokens; without it PDS is open. */
  readonly pdsApplication?: PdsApplication | undefined;
  /** Rate limits of PDS, by sandbox time. Requests above them get 429. Default: no limit. */
  readonly pdsRateLimits?: RateLimits;
  /** Rate limits of SDS, by sandbox time. Default: no limit. */
  readonly sdsRateLimits?: RateLimits;
  /** Where the V&M specification contradicts itself: what this V&M does. Default: the normative text. */
  readonly vmVariants?: VmVariants;
  /** The port of the gateway; the services use the following six ports. Default: free ports. */
  readonly port?: number;
  /** `all` listens on all interfaces. Default: loopback only. */
  readonly bind?: "loopback" | "all";
  /**
   * TLS on all ports, with a throw-away authority. SSP, V&M and the directory by LDAP then require the client
   * certificate in `tlsFiles`. `folder` is where the files are written. Default: plain HTTP and LDAP.
   */
  readonly tls?: boolean | { readonly folder: string };
  /** The folder of the built console, which the gateway serves at `/`. Default: the one in this package. */
  readonly consoleAssets?: string;
}

/** All URLs of a running sandbox. */
export interface SandboxUrls {
  /** One port for everything: the console at `/`, `/pds`, `/sds`, `/ssp`, `/vm`, `/token` and `/__sandbox`. */
  readonly gateway: string;
  /** FHIR base URL of PDS. */
  readonly pds: string;
  /** URL of the token endpoint for PDS. */
  readonly pdsToken: string;
  /** FHIR base URL of SDS. SDS returns the addresses of the practices and of V&M. */
  readonly sds: string;
  /** Root of SDS by LDAP, with the same records. */
  readonly ldap: string;
  /** Base URL of the Spine Secure Proxy. */
  readonly ssp: string;
  /** FHIR base URL of Visitors & Migrants. */
  readonly vm: string;
  /** Origin of the practices' service root URLs. Practices accept requests from the proxy only. */
  readonly practices: string;
}

/** A running sandbox. */
export interface Sandbox {
  readonly urls: SandboxUrls;
  /** FHIR base URL of PDS. */
  readonly pdsUrl: string;
  /** URL of the token endpoint for PDS. */
  readonly pdsTokenUrl: string;
  /** FHIR base URL of SDS. SDS returns the addresses of the practices and of V&M. */
  readonly sdsUrl: string;
  /** Root of SDS by LDAP: `ldap://127.0.0.1:…`. */
  readonly ldapUrl: string;
  /** Base URL of the Spine Secure Proxy. */
  readonly sspUrl: string;
  /** The files for consumers, with TLS only. */
  readonly tlsFiles: TlsFiles | undefined;
  /** All received requests, in order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** The NHS number of each patient whom a PDS request matched, in order: PDS audits each of them. */
  readonly auditedPatients: readonly string[];
  readonly directory: {
    /**
     * Moves a practice persona to another supplier: new ASID, party key and address. The gateway of SDS still returns
     * the old entry for up to 30 minutes, except with `Cache-Control: no-cache`.
     *
     * @throws RangeError for another practice
     */
    move(odsCode: string): void;
    /** The next reads of the directory time out: SDS responds 200 with an empty bundle, which its gateway caches. */
    timeOut(reads: number): void;
  };
  readonly faults: FaultRegistry;
  /**
   * Makes matching requests wait until the hold is released: at `processing` before they are processed, at `save`
   * between the slot check and the save of a two-step supplier.
   */
  hold(selector: RequestSelector, point?: HoldPoint): Hold;
  /** The state of each practice by ODS code, for inspection in tests. */
  readonly practices: { get(odsCode: string): PracticeState | undefined };
  /** Discards all changes: appointments, registrations, tokens, faults and received requests. The clock stays. */
  reset(): void;
  /** Revokes all PDS access tokens. Requests with them then get 401. */
  revokePdsTokens(): void;
  /** Stops all services and closes open connections. */
  close(): Promise<void>;
}
