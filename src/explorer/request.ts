/** What is about to be sent. */
export interface GraphRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | undefined;
}

export interface GraphAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
  readonly extensions?: unknown;
}

/** A request and what came of it. */
export interface Exchange {
  readonly status: number;
  readonly tookMs: number;
  readonly answer: GraphAnswer;
}

/** The headers that every request of the explorer bears, the person's own last. */
export function requestHeaders(
  session: string,
  own: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const headers: Record<string, string> = {
    accept: "application/graphql-response+json, application/json;q=0.9",
    "content-type": "application/json",
    "spine-session": session,
    "spine-trace": "1",
  };
  for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = String(value);
  return headers;
}

/** Sends one operation. Rejects, with a message for people, when no GraphQL answer comes back. */
export async function send(
  path: string,
  request: GraphRequest,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Exchange> {
  const started = performance.now();
  const response = await fetch(path, {
    method: "POST",
    headers,
    body: JSON.stringify(request),
    signal: signal ?? null,
  });
  const text = await response.text();
  const tookMs = performance.now() - started;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(`The server answered ${response.status}, and not in JSON.`);
  }
  return { status: response.status, tookMs, answer: answer as GraphAnswer };
}

/** The same request for a terminal. */
export function asCurl(url: string, request: GraphRequest, headers: Record<string, string>): string {
  const flags = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ["curl -s", quoted(url), ...flags, "--data-raw", quoted(JSON.stringify(request))].join(" ");
}

/** Single quotes keep everything literal in a POSIX shell, but for the single quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
