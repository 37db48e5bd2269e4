import type { ConsumerSystem } from "../../domain/caller.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { Clock } from "../../platform/clock.js";
import type { HttpClient, HttpResponse } from "../../platform/http/http-client.js";
import type { CallContext } from "../call-context.js";
import { type Attempt, type CallPurpose, type CallResult, upstreamCall } from "../upstream-call.js";
import { badResponse } from "../upstream-errors.js";
import { createAuditToken } from "./audit-token.js";
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

/** A 2xx. `body` is the parsed text, undefined when it is empty or not JSON. */
export interface SuccessResponse {
  readonly text: string;
  readonly body: unknown;
  readonly isEmpty: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export interface GpConnectRequest<T> {
  readonly interaction: Interaction;
  readonly method: "GET" | "POST" | "PUT";
  /** Path and query below the service root, encoded. */
  readonly path: string;
  /** JSON, as it is sent. */
  readonly body?: string | undefined;
  /** Version that a change is based on. */
  readonly versionId?: string | undefined;
  /** For the audit only. */
  readonly nhsNumber?: NhsNumber | undefined;
  /** Reads a success response. @throws UnusableResponse */
  readonly read: (response: SuccessResponse) => T;
  /** The result of a 404 with this Spine code, where that is a valid response and not a failure. */
  readonly absent?: { readonly reason: string; readonly value: T };
  /** A read that reconciles a write: it outlives the request and has the time-out of a write. */
  readonly reconcilesWrite?: boolean;
}

export type Exchange = <T>(
  practice: DirectoryEntry,
  request: GpConnectRequest<T>,
  context: CallContext,
) => Promise<T>;

const MEDIA_TYPE = "application/fhir+json";

/** Makes one call through the proxy, with a new trace id and token for each attempt. The only network access of this folder. */
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
        method: request.method,
        backendHost: hostOf(practice.serviceRootUrl),
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

function hostOf(serviceRootUrl: string): string | undefined {
  return /^https?:\/\/([^/:?#]+)/i.exec(serviceRootUrl)?.[1]?.toLowerCase();
}

function purposeOf<T>({ method, reconcilesWrite }: GpConnectRequest<T>): CallPurpose {
  if (method !== "GET") return "write";
  return reconcilesWrite ? "reconciling read" : "read";
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
    ...(request.body === undefined ? {} : { body: request.body }),
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
  const token = createAuditToken({
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
    // No space before charset: some practices respond 415 to one.
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
    const { body: text, headers } = response;
    const isEmpty = text.trim() === "";
    return { value: read({ text, body: parseJson(text), isEmpty, headers }), httpStatus };
  } catch (error) {
    // The proxy sends no 2xx of its own, so an unusable one is the practice's.
    throw error instanceof UnusableResponse ? badResponse("PROVIDER", error.reason, httpStatus) : error;
  }
}
