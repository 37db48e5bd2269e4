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

/** Members that a change may set or remove. */
const CHANGED = new Set(["extension", "comment", "description", "status"]);

/**
 * Every other member must be sent back as it was received. Empty extensions may be removed inside it, because practices
 * refuse some of them.
 */
function mustHoldAll(http: StubHttp, resource: object): void {
  const body = http.sent.find(({ method }) => method === "PUT")?.body;
  if (body === undefined) return;
  const received = parse((resource as { text: string }).text);
  const sent = parse(body);
  if (!isBox(sent) || !isBox(received)) throw new Broken("what was sent is no resource");
  for (const [key, value] of Object.entries(received).filter(([name]) => !CHANGED.has(name))) {
    if (!Object.hasOwn(sent, key)) throw new Broken(`the change was sent without the member ${key}`);
    const text = JSON.stringify(value);
    const other = JSON.stringify(Object.getOwnPropertyDescriptor(sent, key)?.value);
    if (text !== other && !text.includes('"extension"'))
      throw new Broken(`the change altered the member ${key}`);
  }
}
