import type { IssuedToken } from "../../../platform/cache/access-tokens.js";
import type { CallContext } from "../../../platform/call-context.js";
import type { Clock } from "../../../platform/clock.js";
import { type HttpClient, HttpFailure, type HttpResponse } from "../../../platform/http/http-client.js";
import { type CallResult, upstreamCall } from "../../../platform/recorded-call.js";
import type { CallDescription } from "../../../platform/telemetry/call-log.js";
import { badResponse, failureToError, statusToError } from "../../../platform/upstream-failures.js";
import { readToken, readTokenReason } from "./answer.js";
import { type ClientIdentity, signAssertion } from "./assertion.js";

export interface TokenEndpointOptions {
  readonly client: ClientIdentity;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** For each request, head and body. */
  readonly timeoutMs: number;
}

const TOKEN: CallDescription = { service: "TOKEN", interaction: "token", target: null };

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Asks the token endpoint once, with an assertion of this attempt's own.
 *
 * @param grant the fields that say which kind of token is asked for.
 * @throws UpstreamError of service PDS: whoever asked for a patient need not know of tokens. `reason` is one of the
 *   endpoint's own closed codes.
 */
export function requestToken(
  { client, http, clock, timeoutMs }: TokenEndpointOptions,
  grant: Readonly<Record<string, string>>,
  context: CallContext,
): Promise<IssuedToken> {
  return upstreamCall(context, TOKEN, {}, async () => {
    const client_assertion = await signAssertion(client, clock.now());
    const form = new URLSearchParams({ ...grant, client_assertion_type: JWT_BEARER, client_assertion });
    const answer = await http
      .request({
        method: "POST",
        url: client.tokenUrl,
        // Compared letter by letter: a charset, which a form body would bring along, is answered 415 (PDS notes, 3.2).
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
        body: form.toString(),
        timeoutMs,
        signal: context.signal,
      })
      .catch((error: unknown) => {
        throw error instanceof HttpFailure ? failureToError(error, "PDS") : error;
      });
    return readAnswer(answer);
  });
}

function readAnswer(answer: HttpResponse): CallResult<IssuedToken> {
  const httpStatus = answer.status;
  if (httpStatus < 200 || httpStatus > 299) {
    throw statusToError(httpStatus, "PDS", readTokenReason(answer.body), answer);
  }
  const reading = readToken(answer.body);
  if (reading.kind === "unusable") throw badResponse("PDS", reading.reason, httpStatus);
  return { value: reading.issued, httpStatus };
}
