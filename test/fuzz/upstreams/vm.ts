import { createVisitorsAndMigrantsClient } from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import { chargeableStatus } from "../kit/domain-schemas.js";
import { parse, type StubResponse } from "../kit/mutate.js";
import { Broken } from "../kit/properties.js";
import { samples } from "../kit/samples.js";
import { PATIENT, type SandboxSeeds } from "../kit/sandbox-seeds.js";
import { StubHttp } from "../kit/stub-http.js";
import type { Target } from "../kit/target.js";

/** Visitors & Migrants: its one search, whatever it responses. */
export function vmTarget({ responses, spine }: SandboxSeeds): Target {
  const http = new StubHttp();
  const client = createVisitorsAndMigrantsClient({
    http,
    clock: new TestClock(),
    system: testConsumer,
    timeoutMs: 1_000,
  });
  const own = (responses.get("vm") ?? []).map((response) => ({
    ...response,
    body: response.body.replaceAll(/999\d{7}/g, PATIENT),
  }));
  return {
    name: "VM",
    operations: [
      {
        name: "fetchChargeableStatus",
        seeds: [...own, ...own, ...samples("visitors-and-migrants/examples", /./, { nhsNumber: PATIENT })],
        schema: chargeableStatus,
        async call(response) {
          http.respondWith(response);
          const status = await client.fetchChargeableStatus(spine, PATIENT, testContext());
          if (status.recorded) mustBeAboutPatient(response);
          return status;
        },
      },
    ],
  };
}

/** A status does not name its patient, so the subject is checked in the document. */
function mustBeAboutPatient({ body }: StubResponse): void {
  const bundle = parse(body) as { entry?: { resource?: { subject?: { reference?: unknown } } }[] };
  const reference = bundle.entry?.[0]?.resource?.subject?.reference;
  const isAbout = reference === undefined || reference === null || reference === "";
  if (!isAbout && !String(reference).endsWith(`Patient/${PATIENT}`))
    throw new Broken("another patient's status came out");
}
