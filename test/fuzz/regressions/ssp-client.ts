import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createGpConnectClient } from "../../../src/upstreams/ssp/index.js";
import { TestClock, testConsumer } from "../../support/call-context.js";
import { StubHttp } from "../kit/stub-http.js";

export const PRACTICE = {
  odsCode: "T81001" as OdsCode,
  asid: "918999198738",
  partyKey: "T81001-0000001",
  serviceRootUrl: "https://provider.example/T81001/STU3/1/gpconnect/fhir",
};

export const APPOINTMENT = {
  resourceType: "Appointment",
  id: "7",
  meta: { versionId: "1" },
  status: "booked",
  start: "2026-11-24T09:00:00+00:00",
  end: "2026-11-24T09:10:00+00:00",
  participant: [{ actor: { reference: "Patient/9" } }],
};

/** A client whose next responses are the given JSON text. */
export function sspClient() {
  const http = new StubHttp();
  const client = createGpConnectClient({
    url: "http://ssp.example",
    http,
    clock: new TestClock(),
    system: testConsumer,
    timeoutMs: 1_000,
    writeTimeoutMs: 1_000,
  });
  const respondWith = (body: string) => http.respondWith({ status: 200, headers: {}, body });
  return { http, client, respondWith };
}
