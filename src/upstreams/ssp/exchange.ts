import type { ConsumerSystem } from "../../domain/caller.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { Clock } from "../../platform/clock.js";
import type { HttpClient, HttpResponse } from "../../platform/http/http-client.js";
import type { CallContext } from "../call-context.js";
import { type Attempt, type CallPurpose, type CallResult, upstreamCall } from "../upstream-call.js";
import { badResponse } from "../upstream-errors.js";
import { mintAuditToken } from "./audit-token.js";
import { responseToError } from "./failures.js";
import type { Interaction } from "./interactions.js";
import { joinProxyUrl } from "./request-url.js";
import { UnusableResponse } from "./unusable-response.js";
import { parseJson } from "./wire.js";

export interface ExchangeOptions {
  /** The proxy. */
  readonly url: string;
  readonly http: Pick<HttpClient, "request">;
  readonly clock: Clock;
  readonly system: ConsumerSystem;
  readonly timeoutMs: number;
  readonly writeTimeoutMs: number;
}

/** A 2xx. `body` is undefined when it is empty or not JSON. */
export interface SuccessResponse {
  readonly body: unknown;
  readonly isEmpty: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export interface GpConnectRequest<T> {
  readonly interaction: Interaction;
  readonly method: "GET" | "POST" | "PUT";
  /** Path and query below the service root, encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** Version that a change is based on. */
  readonly versionId?: string | undefined;
  /** For the audit only. */
  readonly nhsNumber?: NhsNumber | undefined;
  /** Turns the answer into ours. @throws UnusableResponse */
  readonly read: (answer: SuccessResponse) => T;
  /** What a 404 with this Spine code means, where that is an answer and no fault. */
  readonly absent?: { readonly reason: string; readonly value: T };
  /** A read that settles a write: it outlives the request and has the time of a write. */
  readonly settlesWrite?: boolean;
}

export type Exchange = <T>(
  practice: DirectoryEntry,
  request: GpConnectRequest<T>,
  context: CallContext,
) => Promise<T>;

const MEDIA_TYPE = "application/fhir+json";

/**
 * Makes one call through the proxy: each attempt with its own trace id and token, written down, read or turned into
 * an error. The only place from which this folder reaches the network.
 */
export function createExchange(options: ExchangeOptions): Exchange {
  return (practice, request, context) => {
    const { asid: sspFrom } = context.caller.organisation;
    const sspTo = practice.asid;
    return upstreamCall(
      context,
      {
        service: "SSP",
        interaction: request.interaction.urn,
        target: practice.odsCode,
        purpose: purposeOf(request),
        subject: ({ traceId }) => ({ nhsNumber: request.nhsNumber, sspTraceId: traceId, sspFrom, sspTo }),
      },
      {
        send: (attempt) => send(options, practice, request, context, attempt),
        read: (response) => readResponse(response, request),
      },
    );
  };
}

function purposeOf<T>({ method, settlesWrite }: GpConnectRequest<T>): CallPurpose {
  if (method !== "GET") return "write";
  return settlesWrite ? "reconciling read" : "read";
}

function send<T>(
  options: ExchangeOptions,
  practice: DirectoryEntry,
  request: GpConnectRequest<T>,
  context: CallContext,
  { traceId, signal }: Attempt,
): Promise<HttpResponse> {
  return options.http.request({
    method: request.method,
    url: joinProxyUrl(options.url, practice.serviceRootUrl, request.path),
    headers: toHeaders(options, practice, request, context, traceId),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    timeoutMs: purposeOf(request) === "read" ? options.timeoutMs : options.writeTimeoutMs,
    signal,
  });
}

function toHeaders<T>(
  { clock, system }: ExchangeOptions,
  practice: DirectoryEntry,
  { interaction, body, versionId }: GpConnectRequest<T>,
  { caller }: CallContext,
  sspTraceId: string,
): Record<string, string> {
  const token = mintAuditToken({
    caller,
    system,
    audience: practice.serviceRootUrl,
    scope: interaction.scope,
    now: clock.now(),
  });
  return {
    "Ssp-TraceID": sspTraceId,
    "Ssp-From": caller.organisation.asid,
    "Ssp-To": practice.asid,
    "Ssp-InteractionID": interaction.urn,
    Authorization: `Bearer ${token}`,
    Accept: MEDIA_TYPE,
    // No space before charset: some practices answer 415 to one.
    ...(body === undefined ? {} : { "Content-Type": `${MEDIA_TYPE};charset=utf-8` }),
    ...(versionId === undefined ? {} : { "If-Match": `W/"${versionId}"` }),
  };
}

function readResponse<T>(response: HttpResponse, { read, absent }: GpConnectRequest<T>): CallResult<T> {
  const httpStatus = response.status;
  if (httpStatus < 200 || httpStatus > 299) {
    const error = responseToError(response);
    if (absent && httpStatus === 404 && error.reason === absent.reason) {
      return { value: absent.value, httpStatus, notFound: error };
    }
    throw error;
  }
  try {
    const isEmpty = response.body.trim() === "";
    return {
      value: read({ body: parseJson(response.body), isEmpty, headers: response.headers }),
      httpStatus,
    };
  } catch (error) {
    // The proxy makes no 2xx of its own: what cannot be used came from the practice.
    throw error instanceof UnusableResponse ? badResponse("PROVIDER", error.reason, httpStatus) : error;
  }
}
