import type { CallContext } from "../../../src/upstreams/call-context.js";
import type { GpConnectClient } from "../../../src/upstreams/ssp/index.js";
import { parse } from "../kit/mutate.js";
import { isBox } from "../kit/mutate-structure.js";
import { Broken } from "../kit/properties.js";
import type { SandboxSeeds } from "../kit/sandbox-seeds.js";
import type { StubHttp } from "../kit/stub-http.js";

type Ask = (client: GpConnectClient) => Promise<unknown>;

/**
 * A change sends back what was received: the document is first read, and then also responses the change. What is sent
 * in between must still hold every member of the document.
 */
export function readThenChange(
  client: GpConnectClient,
  http: StubHttp,
  { practice, ids }: SandboxSeeds,
  context: () => CallContext,
): { readonly cancel: Ask; readonly amend: Ask } {
  const read = () => client.readAppointment(practice, ids.appointment, context(), { patientId: ids.patient });
  return {
    async cancel() {
      const received = await read();
      try {
        return await client.cancelAppointment(practice, received, "Synthetic reason", context());
      } finally {
        mustHoldAll(http, received.resource);
      }
    },
    async amend() {
      const received = await read();
      try {
        return await client.amendAppointment(practice, received, { description: "Synthetic" }, context());
      } finally {
        mustHoldAll(http, received.resource);
      }
    },
  };
}

/** Extensions may be taken out, since some may not come back, and so may an empty comment, which FHIR does not have. */
function mustHoldAll(http: StubHttp, resource: object): void {
  const body = http.sent.find(({ method }) => method === "PUT")?.body;
  if (body === undefined) return;
  const sent = parse(body);
  if (!isBox(sent)) throw new Broken("what was sent is no resource");
  const missing = Object.keys(resource).find(
    (key) => key !== "extension" && key !== "comment" && !Object.hasOwn(sent, key),
  );
  if (missing !== undefined) throw new Broken(`the change was sent without the member ${missing}`);
}
