import { shellQuote } from "../web-ui/shell-quote.js";

/** The body of a GraphQL request. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | undefined;
}

export interface GraphqlResponse {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
  readonly extensions?: unknown;
}

/** A response with its HTTP status and its duration, as the browser measured it. */
export interface Exchange {
  readonly status: number;
  readonly durationMs: number;
  readonly response: GraphqlResponse;
}

/** The headers of every request. Headers that the user entered replace the defaults. */
export function requestHeaders(
  session: string,
  userHeaders: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const headers: Record<string, string> = {
    accept: "application/graphql-response+json, application/json;q=0.9",
    "content-type": "application/json",
    "spine-session": session,
    "spine-trace": "1",
  };
  for (const [name, value] of Object.entries(userHeaders)) headers[name.toLowerCase()] = String(value);
  return headers;
}

/** Sends one operation. Rejects with a message for the user when the response is not JSON. */
export async function sendRequest(
  path: string,
  request: GraphqlRequest,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Exchange> {
  const started = performance.now();
  const httpResponse = await fetch(path, {
    method: "POST",
    headers,
    body: JSON.stringify(request),
    signal: signal ?? null,
  });
  const text = await httpResponse.text();
  const durationMs = performance.now() - started;
  let response: unknown;
  try {
    response = JSON.parse(text);
  } catch {
    throw new Error(`The server returned status ${httpResponse.status} and a response that is not JSON.`);
  }
  return { status: httpResponse.status, durationMs, response: response as GraphqlResponse };
}

/** The request as a curl command for a POSIX shell. */
export function toCurlCommand(url: string, request: GraphqlRequest, headers: Record<string, string>): string {
  const flags = Object.entries(headers).map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`);
  return ["curl -s", shellQuote(url), ...flags, "--data-raw", shellQuote(JSON.stringify(request))].join(" ");
}
