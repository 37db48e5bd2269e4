import { randomUUID } from "node:crypto";
import type { CallContext } from "../../platform/call-context.js";
import { type HttpClient, HttpFailure, type HttpResponse } from "../../platform/http/http-client.js";
import {
  type AuditSubject,
  type CallOptions,
  type CallResult,
  readWhenDue,
  upstreamCall,
} from "../../platform/recorded-call.js";
import type { CallDescription } from "../../platform/telemetry/call-log.js";
import { failureToError } from "../../platform/upstream-failures.js";
import type { PdsAccess, PdsCredentials } from "./token/index.js";

export interface PdsExchangeOptions {
  /** FHIR base, with or without a trailing slash. */
  readonly url: string;
  readonly http: HttpClient;
  /** For each request, head and body. */
  readonly timeoutMs: number;
  /** How we are let in. Left out, no token is sent: the sandbox has no authorisation. */
  readonly access?: PdsAccess | undefined;
}

/** One thing to ask PDS for. */
export interface PdsQuestion<T> {
  readonly description: CallDescription;
  readonly subject: AuditSubject;
  /** Below the FHIR base, with its query. */
  readonly path: string;
  readonly read: (answer: HttpResponse) => CallResult<T>;
  readonly rules?: Pick<CallOptions, "maxRepeats">;
}

/** Puts questions to PDS, each with all the headers of PDS notes, section 4. */
export type PdsExchange = <T>(question: PdsQuestion<T>, context: CallContext) => Promise<T>;

export function createPdsExchange({ url, http, timeoutMs, access }: PdsExchangeOptions): PdsExchange {
  const base = url.replace(/\/+$/, "");

  return ({ description, subject, path, read, rules }, context) => {
    // Kept over all attempts: by its id PDS knows a repeat (PDS notes, section 9).
    const headers = commonHeaders(context);
    let credentials: PdsCredentials | undefined;
    const send = async () => {
      const answer = await http
        .request({
          method: "GET",
          url: `${base}${path}`,
          headers: { ...headers, ...credentials?.headers },
          timeoutMs,
          signal: context.signal,
        })
        .catch((error: unknown) => {
          throw error instanceof HttpFailure ? failureToError(error, "PDS") : error;
        });
      return readWhenDue(answer, read);
    };
    if (!access) return upstreamCall(context, description, subject, send, rules);
    return upstreamCall(context, description, subject, send, {
      ...rules,
      prepare: async () => {
        credentials = await access.credentials(context);
      },
      // A 401 is repeated once, with a fresh token (PDS notes, 3.6).
      renew: () => credentials?.drop(),
    });
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
