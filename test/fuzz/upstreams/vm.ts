import { createVisitorsAndMigrantsClient } from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import { chargeableStatus } from "../kit/domain-schemas.js";
import { type Answer, parse } from "../kit/mutate.js";
import { Broken } from "../kit/properties.js";
import { samples } from "../kit/samples.js";
import { PATIENT, type SandboxSeeds } from "../kit/sandbox-seeds.js";
import { StubHttp } from "../kit/stub-http.js";
import type { Target } from "../kit/target.js";

/** Visitors & Migrants: its one search, whatever it answers. */
export function vmTarget({ answers, spine }: SandboxSeeds): Target {
  const http = new StubHttp();
  const client = createVisitorsAndMigrantsClient({
    http,
    clock: new TestClock(),
    system: testConsumer,
    timeoutMs: 1_000,
  });
  const own = (answers.get("vm") ?? []).map((answer) => ({
    ...answer,
    body: answer.body.replaceAll(/999\d{7}/g, PATIENT),
  }));
  return {
    name: "VM",
    questions: [
      {
        name: "fetchChargeableStatus",
        seeds: [...own, ...own, ...samples("visitors-and-migrants/examples", /./, { nhsNumber: PATIENT })],
        schema: chargeableStatus,
        async ask(answer) {
          http.answerWith(answer);
          const status = await client.fetchChargeableStatus(spine, PATIENT, testContext());
          if (status.recorded) mustBeAboutPatient(answer);
          return status;
        },
      },
    ],
  };
}

/** The status says of nobody whose it is: that it is the patient's is read off the document. */
function mustBeAboutPatient({ body }: Answer): void {
  const bundle = parse(body) as { entry?: { resource?: { subject?: { reference?: unknown } } }[] };
  const reference = bundle.entry?.[0]?.resource?.subject?.reference;
  const isAbout = reference === undefined || reference === null || reference === "";
  if (!isAbout && !String(reference).endsWith(`Patient/${PATIENT}`))
    throw new Broken("another patient's status came out");
}
