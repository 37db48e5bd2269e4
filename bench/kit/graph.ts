import "reflect-metadata";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Agent, request } from "undici";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { systemClock } from "../../src/platform/clock.js";
import { readConfig } from "../../src/platform/config/config.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { createServer } from "../../src/server/create-server.js";
import { createDependencies, type Dependencies, type UpstreamUrls } from "../../src/server/dependencies.js";
import { openStores } from "../../src/server/open-stores.js";
import { outputFolder } from "./repository.js";

/** The body of a GraphQL request. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

export interface TimedResponse {
  /** From sending the request to the end of the response body. */
  readonly ms: number;
  readonly bytes: number;
  readonly data: Record<string, unknown>;
  /** The call log of the graph. */
  readonly logged: readonly { readonly service: string; readonly interaction: string }[];
}

/** The whole server in this process. Requests are sent over HTTP. */
export interface Graph {
  /** The dependencies of the server. The naive sequence has its own. */
  readonly dependencies: Dependencies;
  /** @throws if the response has an error, because a failed request must not count as a fast one. */
  send(operation: GraphqlRequest, session?: string): Promise<TimedResponse>;
  close(): Promise<void>;
}

export interface GraphOptions {
  readonly urls: UpstreamUrls;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Settings without a cache across sessions, so that every new session starts with an empty cache. */
export const NO_DEPLOYMENT_CACHE = { SPINE_ENDPOINT_CACHE_MINUTES: "0", CAPABILITIES_CACHE_HOURS: "0" };

/** Starts the server as `main.ts` does. Log, audit and intents are written to files, as in production. */
export async function startGraph(options: GraphOptions): Promise<Graph> {
  const { dependencies, close: closeDependencies } = await openDependencies(options);
  const { schema } = await createSubgraphSchema();
  const app = await createServer(dependencies, schema);
  const url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/graphql`;
  const agent = new Agent({ connections: 4 });
  return {
    dependencies,
    async send(operation, session) {
      const headers = {
        "content-type": "application/json",
        "spine-trace": "1",
        ...(session === undefined ? {} : { "spine-session": session }),
      };
      const body = JSON.stringify(operation);
      const began = performance.now();
      const response = await request(url, { method: "POST", headers, body, dispatcher: agent });
      const text = await response.body.text();
      return { ms: performance.now() - began, bytes: Buffer.byteLength(text), ...parseResponse(text) };
    },
    async close() {
      await agent.close();
      await app.close();
      await closeDependencies();
    },
  };
}

/** Clients, caches and resilience policies that share nothing with another set of dependencies. */
export async function openDependencies({ urls, environment = {} }: GraphOptions): Promise<{
  readonly dependencies: Dependencies;
  close(): Promise<void>;
}> {
  const config = readConfig({ AUDIT_FILE: join(outputFolder(), "audit.ndjson"), ...environment });
  const logFile = openSync(join(outputFolder(), "server.log"), "a");
  const log = createLog(config.LOG_LEVEL, (line) => void writeSync(logFile, line));
  const stores = await openStores(config, systemClock, log);
  const dependencies = createDependencies({
    config,
    urls,
    clock: systemClock,
    log,
    ...stores,
  });
  return {
    dependencies,
    async close() {
      await dependencies.close();
      await stores.close();
      closeSync(logFile);
    },
  };
}

function parseResponse(text: string): Pick<TimedResponse, "data" | "logged"> {
  const response = JSON.parse(text) as {
    data?: Record<string, unknown> | null;
    errors?: unknown;
    extensions?: { spine?: { calls?: TimedResponse["logged"] } };
  };
  if (response.errors !== undefined || !response.data) {
    throw new Error(`the graph failed: ${JSON.stringify(response.errors ?? response).slice(0, 500)}`);
  }
  return { data: response.data, logged: response.extensions?.spine?.calls ?? [] };
}
