import type { Clock } from "../../../platform/clock.js";
import type { HttpClient, HttpResponse } from "../../../platform/http/http-client.js";
import type { CallContext } from "../../call-context.js";
import { type CallResult, upstreamCall } from "../../upstream-call.js";
import { badResponse } from "../../upstream-errors.js";
import { statusToError } from "../../upstream-failures.js";
import type { IssuedToken } from "./access-tokens.js";
import { type ClientIdentity, signAssertion } from "./assertion.js";
import { readToken, readTokenReason } from "./token-response.js";

export interface TokenEndpointOptions {
  readonly client: ClientIdentity;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** For each request, head and body. */
  readonly timeoutMs: number;
}

const TOKEN = { service: "TOKEN", interaction: "token", target: null, method: "POST" } as const;

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Sends one token request, with a new assertion.
 *
 * @param grant the form fields that say which kind of token is requested.
 * @throws UpstreamError of service PDS, because a query for a patient knows nothing of tokens. `reason` is one of the
 *   endpoint's own closed codes.
 */
export function requestToken(
  { client, http, clock, timeoutMs }: TokenEndpointOptions,
  grant: Readonly<Record<string, string>>,
  context: CallContext,
): Promise<IssuedToken> {
  return upstreamCall(context, TOKEN, {
    async send({ signal }) {
      const client_assertion = await signAssertion(client, clock.now());
      const form = new URLSearchParams({ ...grant, client_assertion_type: JWT_BEARER, client_assertion });
      return http.request({
        method: "POST",
        url: client.tokenUrl,
        // Compared exactly: the endpoint responds 415 to a charset, which a form body would add (PDS notes, 3.2).
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
        body: form.toString(),
        timeoutMs,
        signal,
      });
    },
    read: readResponse,
  });
}

function readResponse(response: HttpResponse): CallResult<IssuedToken> {
  const httpStatus = response.status;
  if (httpStatus < 200 || httpStatus > 299) {
    throw statusToError(httpStatus, "PDS", readTokenReason(response.body), response);
  }
  const reading = readToken(response.body);
  if (reading.kind === "unusable") throw badResponse("PDS", reading.reason, httpStatus);
  return { value: reading.issued, httpStatus };
}
