import type { ServerResponse } from "node:http";
import type { DirectoryEntry } from "../../../src/domain/directory-entry.js";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { UpstreamError } from "../../../src/platform/errors.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import {
  createGpConnectClient,
  type GpConnectClient,
  type GpConnectClientOptions,
} from "../../../src/upstreams/ssp/index.js";
import { TestClock, testConsumer } from "../../support/call-context.js";
import {
  type Answerer,
  type LocalServer,
  type ReceivedRequest,
  startLocalServer,
} from "../../support/local-server.js";

/** A synthetic person and a synthetic practice. */
export const NHS_NUMBER = "9000000009" as NhsNumber;

export const PRACTICE: DirectoryEntry = {
  odsCode: "T81001" as OdsCode,
  asid: "918999198738",
  partyKey: "T81001-0000001",
  serviceRootUrl: "https://Provider.example/T81001/STU3/1/gpconnect/fhir",
};

/** Small, so that an oversize answer is quick to send. */
export const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

const URN = "urn:nhs:names:services:gpconnect:fhir:";

export function urn(suffix: string): string {
  return `${URN}${suffix}`;
}

export interface TestProxy {
  readonly client: GpConnectClient;
  readonly clock: TestClock;
  readonly server: LocalServer;
  /** How the next requests are answered. */
  answerWith(answerer: Answerer): void;
  close(): Promise<void>;
}

/** A local stand-in for the proxy and a client that speaks to it. */
export async function startProxy(options: Partial<GpConnectClientOptions> = {}): Promise<TestProxy> {
  let answer: Answerer = (_request, response) => void response.writeHead(500).end();
  const server = await startLocalServer((request, response) => answer(request, response));
  const http = new HttpClient({ maxResponseBytes: MAX_RESPONSE_BYTES });
  const clock = new TestClock();
  const client = createGpConnectClient({
    url: server.url,
    http,
    clock,
    system: testConsumer,
    timeoutMs: 5_000,
    writeTimeoutMs: 5_000,
    ...options,
  });
  return {
    client,
    clock,
    server,
    answerWith: (answerer) => {
      answer = answerer;
    },
    close: async () => {
      await server.close();
      await http.close();
    },
  };
}

/** Answers with a body exactly as given. */
export function sendText(response: ServerResponse, status: number, body: string, type = "text/html"): void {
  response.writeHead(status, { "content-type": type });
  response.end(body);
}

export interface DecodedToken {
  readonly parts: readonly string[];
  readonly header: unknown;
  readonly claims: Record<string, unknown>;
}

/** Takes the bearer token of a request apart. */
export function decodeToken(request: ReceivedRequest | undefined): DecodedToken {
  const parts = (request?.headers.authorization ?? "").replace(/^Bearer /, "").split(".");
  const decode = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  return { parts, header: decode(parts[0]), claims: decode(parts[1]) };
}

/** The error that a promise ends in. */
export async function failureOf(promise: Promise<unknown>): Promise<UpstreamError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UpstreamError) return error;
    throw error;
  }
  throw new Error("should have failed");
}
