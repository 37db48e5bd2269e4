import { type TraceDetails, toTraceCriteria } from "../../../src/domain/trace-details.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import { createPdsClient, type PdsAccess } from "../../../src/upstreams/pds/index.js";
import { TestClock, testContext } from "../../support/call-context.js";
import { sendJson, startLocalServer } from "../../support/local-server.js";
import { fixedAccess } from "./pds-service.js";

export const LEAST = { family: "Oak", birthDate: "1952-05-31" };

/** A Patient as a search shows it. */
export const matched = (id: string, rest: object = {}) => ({
  resourceType: "Patient",
  id,
  identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: id }],
  meta: {
    versionId: "2",
    security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "U" }],
  },
  ...rest,
});

/** A searchset of patients with their scores. */
export const searchset = (...entries: readonly (readonly [resource: object, score?: number])[]) => ({
  resourceType: "Bundle",
  type: "searchset",
  timestamp: "2026-11-23T09:00:00+00:00",
  total: entries.length,
  ...(entries.length > 0 && {
    entry: entries.map(([resource, score]) => ({
      fullUrl: "https://pds.example/Patient/1",
      ...(score !== undefined && { search: { score } }),
      resource,
    })),
  }),
});

export type SearchService = Awaited<ReturnType<typeof startSearchService>>;

/** PDS on loopback, which answers a search with whatever it is told to (nobody at first). */
export async function startSearchService() {
  let reply: { status: number; body: unknown } = { status: 200, body: searchset() };
  const http = new HttpClient();
  const server = await startLocalServer((_request, response) => sendJson(response, reply.status, reply.body));
  const search = (details: TraceDetails = LEAST, context = testContext(), mode?: PdsAccess["mode"]) => {
    const access = mode && fixedAccess("opaque-token", mode);
    const client = createPdsClient({
      url: server.url,
      http,
      clock: new TestClock(),
      timeoutMs: 10_000,
      access,
    });
    return client.searchPatients(toTraceCriteria(details), context);
  };
  return {
    requests: server.requests,
    search,
    answerWith(status: number, body: unknown): void {
      reply = { status, body };
    },
    async close(): Promise<void> {
      await server.close();
      await http.close();
    },
  };
}
