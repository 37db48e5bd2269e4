import { fork } from "node:child_process";
import { resolve } from "node:path";
import { request } from "undici";

export type GatewayKind = "hive" | "apollo";

export interface GatewayOptions {
  readonly kind: GatewayKind;
  readonly supergraphSdl: string;
  /** Whether the gateway enforces `@requiresScopes`. Hive Gateway only. */
  readonly scopes?: boolean;
  /** Whether the gateway tells what it prices an operation at. Hive Gateway only. */
  readonly prices?: boolean;
}

export interface GraphqlResult {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Record<string, unknown>;
  }[];
  readonly extensions?: Record<string, unknown>;
}

export interface Gateway {
  readonly url: string;
  query(query: string, variables?: object, headers?: Record<string, string>): Promise<GraphqlResult>;
  close(): Promise<void>;
}

/** What a platform team has to let pass to us: who asks, in which encounter, and under which trace. */
export const PASSED_HEADERS = [
  "authorization",
  "spine-session",
  "spine-trace",
  "spine-id-token",
  "x-correlation-id",
  "traceparent",
  "tracestate",
];

/** Starts a gateway on a free port in a process of its own. */
export async function startGateway({
  kind,
  supergraphSdl,
  scopes = false,
  prices = false,
}: GatewayOptions): Promise<Gateway> {
  const child = fork(resolve(__dirname, "../gateway.js"), { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const faults: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => faults.push(chunk.toString("utf8")));
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const url = await new Promise<string>((started, failed) => {
    child.once("message", (message: { url: string }) => started(message.url));
    void exited.then(() => failed(new Error(`the gateway ended: ${faults.join("")}`)));
    child.send({ kind, supergraphSdl, headers: PASSED_HEADERS, scopes, prices });
  });
  return {
    url,
    query: (query, variables = {}, headers = {}) => post(url, { query, variables }, headers),
    async close() {
      // At once: Hive Gateway would wait until its idle connections end.
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Sends an operation to any GraphQL server. */
export async function post(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<GraphqlResult> {
  const response = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return (await response.body.json()) as GraphqlResult;
}
