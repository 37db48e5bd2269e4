import type { RequestBody, RequestHead, Service, SimulatedResponse } from "../http/service.js";
import type { Population } from "../population/population.js";
import type { Directory, MessageHandler } from "../sds/directory.js";
import { interactionById } from "../shared/interactions.js";
import { isUuid } from "../shared/uuid.js";
import type { Forwarder } from "./forwarder.js";
import { refuseSsp, refuseVerb } from "./ssp-outcome.js";

const SSP_HEADERS = ["Ssp-TraceID", "Ssp-From", "Ssp-To", "Ssp-InteractionID"] as const;

/** The Spine Secure Proxy: checks sender, receiver and interaction, then forwards the request unchanged. */
export class SspService implements Service {
  readonly name = "SSP";

  /** @param accreditedAsids ASIDs of the accredited consumers. */
  constructor(
    private readonly directory: Directory,
    private readonly accreditedAsids: ReadonlySet<string>,
    private readonly forwarder: Forwarder,
    private readonly population: Population,
  ) {}

  describe(request: RequestHead): { odsCode?: string | undefined; interaction?: string | undefined } {
    const target = targetOf(request);
    const handler = this.directory.handlers({ target }).find(({ address }) => startsAt(target, address));
    return { odsCode: handler?.odsCode, interaction: request.headers["ssp-interactionid"] };
  }

  respond(request: RequestHead, body: RequestBody): Promise<SimulatedResponse> {
    if (!["GET", "POST", "PUT"].includes(request.method)) refuseVerb();
    const { headers } = request;
    for (const name of SSP_HEADERS) {
      if (!headers[name.toLowerCase()]) refuseSsp(400, `MISSING_OR_INVALID_HEADER_${name}`);
    }
    if (!isUuid(headers["ssp-traceid"] ?? "")) refuseSsp(400, "MISSING_OR_INVALID_HEADER_Ssp-TraceID");
    if (!/^Bearer \S+$/.test(headers.authorization ?? ""))
      refuseSsp(400, "MISSING_OR_INVALID_HEADER_Authorization");
    const sender = headers["ssp-from"] ?? "";
    const receiver = headers["ssp-to"] ?? "";
    if (!this.accreditedAsids.has(sender)) refuseSsp(403, `ASID_CHECK_FAILED_MESSAGESENDER_${sender}`);
    const interaction = headers["ssp-interactionid"] ?? "";
    // Observed, not specified: an unknown interaction gives 415 (notes, 14.2).
    if (!interactionById(interaction)) refuseSsp(415, "Unsupported_Media_Type");
    const handler = this.#checkReceiver(targetOf(request), receiver, interaction);
    if (this.population.practiceByCode(handler.odsCode)?.behaviour === "no-agreement") {
      refuseSsp(403, `FOT_CHECK_FAILED_MESSAGESENDER_${sender}_MESSAGERECEIVER_${receiver}`);
    }
    return this.forwarder.forward(targetOf(request), request.method, body.stream);
  }

  /** The receiver must be registered for the interaction, and the embedded root must equal its address byte for byte (3.1). */
  #checkReceiver(target: string, asid: string, interaction: string): MessageHandler {
    const system = this.directory
      .systems({ asid })
      .find((one) => one.asid === asid && one.interactions.includes(interaction));
    const serves = (one: MessageHandler) => one.interaction === interaction;
    const handlers = this.directory.handlers({ target }).filter(serves);
    const own = this.directory
      .handlers({ asid })
      .filter(serves)
      .find((one) => one.odsCode === system?.odsCode && one.partyKey === system.partyKey);
    const failed = `PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_${asid}`;
    if (!own) refuseSsp(403, failed);
    if (startsAt(target, own.address)) return own;
    if (handlers.some(({ address }) => startsAt(target, address))) refuseSsp(403, failed);
    const sent = target.split("?", 1)[0];
    refuseSsp(400, `ENDPOINT_${own.address}_CPAID_${own.id}_VARIES_FROM_TARGETURL_${sent}`);
  }
}

/** The absolute URL embedded in the path, unchanged. */
function targetOf({ path }: RequestHead): string {
  return path.slice(1);
}

function startsAt(target: string, root: string): boolean {
  if (root === "" || !target.startsWith(root)) return false;
  return root.endsWith("/") || target[root.length] === "/";
}
