import { readFileSync } from "node:fs";
import path from "node:path";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import { createPdsClient, type PdsAccess, type PdsClientOptions } from "../../../src/upstreams/pds/index.js";
import { TestClock, testContext } from "../../support/call-context.js";
import { sendJson, startLocalServer } from "../../support/local-server.js";

/** Reads `test/fixtures/pds/<name>.json`. */
export function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path.resolve(__dirname, "../../fixtures/pds", `${name}.json`), "utf8"));
}

/** Access by a token that is there already, in the mode given. */
export function fixedAccess(token: string, mode: PdsAccess["mode"] = "application"): PdsAccess {
  return {
    mode,
    credentials: async () => ({ headers: { Authorization: `Bearer ${token}` }, drop: () => {} }),
  };
}

export type PdsService = Awaited<ReturnType<typeof startPdsService>>;

/** PDS on loopback, which answers whatever it is told to (the patient of the first fixture at first), and the client under test. */
export async function startPdsService() {
  let reply: { status: number; body: unknown } = { status: 200, body: fixture("patient") };
  const http = new HttpClient();
  const clock = new TestClock();
  const { requests, url, close } = await startLocalServer((_request, response) =>
    sendJson(response, reply.status, reply.body),
  );
  const read = (nhsNumber: string, context = testContext(), options: Partial<PdsClientOptions> = {}) =>
    createPdsClient({ url, http, clock, timeoutMs: 10_000, ...options }).readPatient(
      nhsNumber as NhsNumber,
      context,
    );
  return {
    requests,
    url,
    clock,
    read,
    answerWith(status: number, body: unknown): void {
      reply = { status, body };
    },
    /** The record that a body is read as. */
    async record(nhsNumber: string, body: unknown) {
      reply = { status: 200, body };
      const result = await read(nhsNumber);
      if (result.kind !== "found") throw new Error(`expected a record, got ${result.kind}`);
      return result.record;
    },
    async close(): Promise<void> {
      await close();
      await http.close();
    },
  };
}
