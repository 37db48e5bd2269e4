import type { ConsumerSystem } from "../../domain/caller.js";
import type { ChargeableStatus } from "../../domain/chargeable-status.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { Clock } from "../../platform/clock.js";
import type { HttpClient, HttpResponse } from "../../platform/http/http-client.js";
import type { Log } from "../../platform/telemetry/log.js";
import type { CallContext } from "../call-context.js";
import { type CalledAddressRules, requireCalledAddress } from "../directory-address.js";
import { type CallResult, type UpstreamCall, upstreamCall } from "../upstream-call.js";
import { badResponse, upstreamError } from "../upstream-errors.js";
import { statusToError } from "../upstream-failures.js";
import { failingIssue, toChargeableStatus } from "./map.js";
import { createToken } from "./token.js";
import { type Issue, readBody } from "./wire.js";

/** As the `Ssp-InteractionID` header has it: without the `:1` of the directory (V&M notes, trap 8). */
const INTERACTION = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation";

const NO_RECORD: ChargeableStatus = { recorded: false };

/** The Visitors & Migrants service: may this patient be chargeable for secondary care? */
export interface VisitorsAndMigrantsClient {
  /**
   * Fetches one patient's status. The number must be the current one, traced on PDS. "No record" is a valid result
   * (`recorded: false`). It does not mean "not chargeable", and neither does a failure.
   *
   * @param spine Spine's own directory entry: its address and ASID.
   * @throws UpstreamError of service VM; `reason` is Spine's own code where it sent one.
   */
  fetchChargeableStatus(
    spine: DirectoryEntry,
    nhsNumber: NhsNumber,
    context: CallContext,
  ): Promise<ChargeableStatus>;
}

export interface VisitorsAndMigrantsClientOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** The consumer's system, named in the audit token. */
  readonly system: ConsumerSystem;
  /** For each request, head and body. */
  readonly timeoutMs: number;
  /** Which of the directory's addresses may be called. Left out: every well-formed one. */
  readonly addresses?: CalledAddressRules | undefined;
  readonly log?: Log | undefined;
}

/** Builds the client over V&M's FHIR API (DSTU2). Sends nothing until called. */
export function createVisitorsAndMigrantsClient(
  options: VisitorsAndMigrantsClientOptions,
): VisitorsAndMigrantsClient {
  const { http, clock, system, timeoutMs, addresses = { requiresTls: false }, log } = options;

  return {
    async fetchChargeableStatus(spine, nhsNumber, context) {
      requireCalledAddress(spine.serviceRootUrl, addresses);
      const { caller } = context;
      const [sspFrom, sspTo] = [caller.organisation.asid, spine.asid];
      const call: UpstreamCall = {
        service: "VM",
        interaction: INTERACTION,
        target: null,
        method: "GET",
        subject: ({ traceId }) => ({ nhsNumber, sspTraceId: traceId, sspFrom, sspTo }),
      };
      return upstreamCall(context, call, {
        send({ traceId, signal }) {
          const token = createToken({ caller, system, nhsNumber, now: clock.now() });
          return http.request({
            method: "GET",
            url: searchUrl(spine.serviceRootUrl, nhsNumber),
            headers: {
              // DSTU2's spelling. With R4's the service may send XML or an error (trap 13).
              Accept: "application/json+fhir",
              Authorization: `Bearer ${token}`,
              "Ssp-TraceID": traceId,
              "Ssp-From": sspFrom,
              "Ssp-To": sspTo,
              "Ssp-InteractionID": INTERACTION,
              "Ssp-Version": "1",
            },
            timeoutMs,
            signal,
          });
        },
        read: (response) => readResponse(response, nhsNumber, log),
      });
    },
  };
}

/** The search in the specification's text (V&M notes, section 2). The root is not altered otherwise. */
function searchUrl(serviceRootUrl: string, nhsNumber: NhsNumber): string {
  const slash = serviceRootUrl.endsWith("/") ? "" : "/";
  const patient = `subject:Patient.identifier=https://fhir.nhs.uk/Id/nhs-number%7C${nhsNumber}`;
  const code = "code=https://fhir.nhs.uk/fhir-observation-code-1%7C0001";
  return `${serviceRootUrl}${slash}Observation?${patient}&${code}`;
}

function readResponse(
  response: HttpResponse,
  requested: NhsNumber,
  log: Log | undefined,
): CallResult<ChargeableStatus> {
  const httpStatus = response.status;
  const reading = readBody(response.body);
  const noRecord = { value: NO_RECORD, httpStatus, notFound: true };
  if (httpStatus < 200 || httpStatus > 299) {
    const codes = reading.kind === "outcome" ? reading.issues.flatMap(({ code }) => code ?? []) : [];
    // No source says with which status this code is sent, but its meaning is clear (V&M notes, section 5.2).
    if (httpStatus === 404 && codes[0] === "NO_RECORD_FOUND") return noRecord;
    throw statusToError(httpStatus, "VM", codes[0], response);
  }
  switch (reading.kind) {
    case "unusable":
      throw badResponse("VM", reading.reason, httpStatus);
    case "empty":
      log?.warn("V&M sent an empty Bundle; read as no record");
      return noRecord;
    case "outcome": {
      const issue = failingIssue(reading.issues);
      if (issue) throw refusalInSuccess(httpStatus, issue);
      return noRecord;
    }
    case "observation": {
      const read = toChargeableStatus(reading.observation, requested);
      if (read.kind === "unusable") throw badResponse("VM", read.reason, httpStatus);
      return { value: read.status, httpStatus };
    }
  }
}

/** A refusal sent as an OperationOutcome with a success status. */
function refusalInSuccess(httpStatus: number, { code }: Issue): Error {
  return upstreamError({
    service: "VM",
    code: "UPSTREAM_REFUSED",
    reason: code,
    httpStatus,
    retryable: false,
  });
}
