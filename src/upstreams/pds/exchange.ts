import { randomUUID } from "node:crypto";
import type { HttpClient, HttpResponse } from "../../platform/http/http-client.js";
import type { CallContext } from "../call-context.js";
import { type CallResult, type UpstreamCall, upstreamCall } from "../upstream-call.js";
import type { PdsAccess, PdsCredentials } from "./token/index.js";

export interface PdsExchangeOptions {
  /** FHIR base, with or without a trailing slash. */
  readonly url: string;
  readonly http: HttpClient;
  /** For each request, head and body. */
  readonly timeoutMs: number;
  /** How we authenticate. Left out, no token is sent: the sandbox has no authorisation. */
  readonly access?: PdsAccess | undefined;
}

/** One request to PDS. */
export interface PdsRequest<T> extends UpstreamCall {
  /** Below the FHIR base, with its query. */
  readonly path: string;
  readonly read: (response: HttpResponse) => CallResult<T>;
}

/** Sends requests to PDS, each with all the headers of PDS notes, section 4. */
export type PdsExchange = <T>(request: PdsRequest<T>, context: CallContext) => Promise<T>;

export function createPdsExchange({ url, http, timeoutMs, access }: PdsExchangeOptions): PdsExchange {
  const base = url.replace(/\/+$/, "");

  return ({ path, read, ...call }, context) => {
    // The same for all attempts: PDS recognises a retry by the request's id (PDS notes, section 9).
    const headers = commonHeaders(context);
    let credentials: PdsCredentials | undefined;
    const authentication = access && {
      prepare: async () => {
        credentials = await access.credentials(context);
      },
      // A 401 is retried once, with a fresh token (PDS notes, 3.6).
      renew: () => credentials?.drop(),
    };
    return upstreamCall(
      context,
      { ...call, method: "GET", ...authentication },
      {
        send: ({ signal }) =>
          http.request({
            method: "GET",
            url: `${base}${path}`,
            headers: { ...headers, ...credentials?.headers },
            timeoutMs,
            signal,
          }),
        read,
      },
    );
  };
}

function commonHeaders({ correlationId, caller }: CallContext): Record<string, string> {
  return {
    Accept: "application/fhir+json",
    "X-Request-ID": randomUUID(),
    "X-Correlation-ID": correlationId,
    // Formally optional, but mandatory for a server that serves several organisations (PDS notes, section 4).
    "NHSD-End-User-Organisation-ODS": caller.organisation.odsCode,
  };
}
