import { readFileSync } from "node:fs";
import path from "node:path";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import {
  createVisitorsAndMigrantsClient,
  type VisitorsAndMigrantsClientOptions,
} from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import { sendJson, startLocalServer } from "../../support/local-server.js";

/** The patient whom the tests ask about, and the fixtures speak of. */
export const ASKED = "9990000018" as NhsNumber;

export const INTERACTION = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation";

/** Reads `test/fixtures/vm/<name>.json`. */
export function fixture(name: string) {
  return JSON.parse(readFileSync(path.resolve(__dirname, "../../fixtures/vm", `${name}.json`), "utf8"));
}

export type VmService = Awaited<ReturnType<typeof startVmService>>;

/** V&M on loopback, which answers whatever it is told to (an Observation at first), and the client under test. */
export async function startVmService() {
  let reply: { status: number; body: unknown } = { status: 200, body: fixture("observation") };
  const http = new HttpClient();
  const { requests, url, close } = await startLocalServer((_request, response) =>
    sendJson(response, reply.status, reply.body, { "content-type": "application/json+fhir" }),
  );
  return {
    requests,
    answerWith(status: number, body: unknown): void {
      reply = { status, body };
    },
    fetchStatus(
      context = testContext(),
      root = "/vm/fhir",
      options: Partial<VisitorsAndMigrantsClientOptions> = {},
    ) {
      const common = { http, clock: new TestClock(), system: testConsumer, timeoutMs: 10_000 };
      const client = createVisitorsAndMigrantsClient({ ...common, ...options });
      const spine = { odsCode: "YES" as OdsCode, asid: "928942012545", partyKey: "YES-0000806" };
      return client.fetchChargeableStatus({ ...spine, serviceRootUrl: `${url}${root}` }, ASKED, context);
    },
    async close(): Promise<void> {
      await close();
      await http.close();
    },
  };
}
