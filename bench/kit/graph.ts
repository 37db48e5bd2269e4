import "reflect-metadata";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Agent, request } from "undici";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { openAuditFile } from "../../src/platform/audit/audit.js";
import { systemClock } from "../../src/platform/clock.js";
import { readConfig } from "../../src/platform/config/config.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { createServer } from "../../src/server/create-server.js";
import { createDependencies, type Dependencies, type UpstreamUrls } from "../../src/server/dependencies.js";
import { outputFolder } from "./repository.js";

/** What is asked of the graph. */
export interface Question {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

export interface Answered {
  /** From sending the request to the whole answer read. */
  readonly ms: number;
  readonly bytes: number;
  readonly data: Record<string, unknown>;
  /** Calls that the graph itself says it made. */
  readonly logged: readonly { readonly service: string; readonly interaction: string }[];
}

/** The whole server in this process, asked over HTTP. */
export interface Graph {
  /** The parts that the server was built from; the naive sequence uses others of its own. */
  readonly dependencies: Dependencies;
  /** @throws when the answer holds an error: what failed fast must not count as fast. */
  ask(question: Question, session?: string): Promise<Answered>;
  close(): Promise<void>;
}

export interface GraphOptions {
  readonly urls: UpstreamUrls;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A setting under which no answer outlives its session: "nothing cached" for as often as one likes. */
export const NOTHING_KEPT = { SPINE_ENDPOINT_CACHE_MINUTES: "0", CAPABILITIES_CACHE_HOURS: "0" };

/** Starts the server as `main.ts` does; log, audit and intents are written to files, as they would be. */
export async function startGraph(options: GraphOptions): Promise<Graph> {
  const { dependencies, close: closeDependencies } = openDependencies(options);
  const { schema } = await createSubgraphSchema();
  const app = await createServer(dependencies, schema);
  const url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/graphql`;
  const agent = new Agent({ connections: 4 });
  return {
    dependencies,
    async ask(question, session) {
      const headers = {
        "content-type": "application/json",
        "spine-trace": "1",
        ...(session === undefined ? {} : { "spine-session": session }),
      };
      const body = JSON.stringify(question);
      const began = performance.now();
      const answer = await request(url, { method: "POST", headers, body, dispatcher: agent });
      const text = await answer.body.text();
      return { ms: performance.now() - began, bytes: Buffer.byteLength(text), ...read(text) };
    },
    async close() {
      await agent.close();
      await app.close();
      await closeDependencies();
    },
  };
}

/** Clients, caches and rules of the road, with nothing shared with any other of these. */
export function openDependencies({ urls, environment = {} }: GraphOptions): {
  readonly dependencies: Dependencies;
  close(): Promise<void>;
} {
  const config = readConfig({ INTENT_FILE: join(outputFolder(), "intents.ndjson"), ...environment });
  const audit = openAuditFile(join(outputFolder(), "audit.ndjson"));
  const logFile = openSync(join(outputFolder(), "server.log"), "a");
  const log = createLog(config.LOG_LEVEL, (line) => void writeSync(logFile, line));
  const dependencies = createDependencies({
    config,
    urls,
    clock: systemClock,
    log,
    writeAudit: audit.write,
  });
  return {
    dependencies,
    async close() {
      await dependencies.close();
      audit.close();
      closeSync(logFile);
    },
  };
}

function read(text: string): Pick<Answered, "data" | "logged"> {
  const answer = JSON.parse(text) as {
    data?: Record<string, unknown> | null;
    errors?: unknown;
    extensions?: { spine?: { calls?: Answered["logged"] } };
  };
  if (answer.errors !== undefined || !answer.data) {
    throw new Error(`the graph failed: ${JSON.stringify(answer.errors ?? answer).slice(0, 500)}`);
  }
  return { data: answer.data, logged: answer.extensions?.spine?.calls ?? [] };
}
