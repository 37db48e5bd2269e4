import type { Clock } from "../../platform/clock.js";
import type { Log } from "../../platform/telemetry/log.js";
import type { FaultSubject } from "../http/faults.js";
import {
  type RequestBody,
  type RequestHead,
  type Service,
  type SimulatedResponse,
  splitPath,
} from "../http/service.js";
import { type Interaction, interactionById } from "../shared/interactions.js";
import { PROXY_HEADER } from "../shared/proxy-header.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { checkAuditToken } from "./audit-token.js";
import { HANDLERS } from "./handlers.js";
import { PracticeRefusal, refusalResponse, refuse } from "./outcome.js";
import type { PracticeStates } from "./practice-states.js";
import { bookVisits } from "./visits.js";

/** Groups: service root, ODS code, path below the root. A practice that moves to another supplier gets another root. */
const ROUTE = /^(\/([A-Z0-9]+)\/STU3\/1\/gpconnect(?:\/s\d+)?\/fhir)\/(.*)$/;
const SSP_HEADERS = ["Ssp-TraceID", "Ssp-From", "Ssp-To", "Ssp-InteractionID"] as const;
const MEDIA_TYPE = "application/fhir+json";
/** Real practices should serve XML, and may refuse it (GP Connect notes, 4.2). */
const NO_XML = "the sandbox does not simulate XML: practices respond 415";

/** Settings of the practice service. */
export interface PracticeSettings {
  readonly clock: Clock;
  readonly log?: Log | undefined;
  /** Requests without this secret did not come through the proxy and are refused. */
  readonly proxySecret: string;
  /** Origin of the server, used in `Location` headers. */
  readonly origin: string;
  /** Waits for the response delay of the slow practice. */
  readonly delayResponse: () => Promise<void>;
  /** Whether practices can trace on PDS. */
  readonly isPdsReachable: () => boolean;
  /** Waits between the slot check and the save of a two-step booking at this practice. */
  readonly delaySave: (subject: FaultSubject) => Promise<void>;
}

/** All practices behind one server, selected by the URL alone, as providers must (GP Connect notes, 3.2). */
export class PracticeService implements Service {
  readonly name = "PRACTICE";
  readonly compresses = true;

  constructor(
    private readonly states: PracticeStates,
    private readonly settings: PracticeSettings,
  ) {}

  describe(request: RequestHead): { odsCode?: string | undefined; interaction?: string | undefined } {
    return { odsCode: ROUTE.exec(request.path)?.[2], interaction: request.headers["ssp-interactionid"] };
  }

  async respond(request: RequestHead, requestBody: RequestBody): Promise<SimulatedResponse> {
    const body = await requestBody.text();
    // The code of nginx for a missing client certificate (GP Connect notes, 3.3).
    if (request.headers[PROXY_HEADER] !== this.settings.proxySecret) return { status: 496 };
    const { path, query } = splitPath(request.path);
    const [, root = "", odsCode = "", fhirPath = ""] = ROUTE.exec(path) ?? [];
    const state = this.states.get(odsCode);
    if (!state) return refusalResponse(new PracticeRefusal("NO_RECORD_FOUND", "No such practice"));
    const { profile } = state;
    const { behaviour } = state.practice;
    try {
      if (behaviour === "switched-off") refuse("ACCESS_DENIED", "GP Connect is not enabled at this practice");
      const interaction = readInteraction(request, fhirPath);
      if (namesXml(request, query)) this.settings.log?.warn({ service: this.name }, NO_XML);
      checkMediaTypes(request, query, profile);
      const nowMs = this.settings.clock.now();
      checkAuditToken(request.headers.authorization, interaction.scope, nowMs);
      bookVisits(state, nowMs);
      const handler = HANDLERS[interaction.suffix];
      if (!handler) throw new Error(`no handler for ${interaction.suffix}`);
      const id = interaction.path.exec(fhirPath)?.[1] ?? "";
      const base = `${this.settings.origin}${root}`;
      const beforeSave = () => this.settings.delaySave({ service: this.name, ...this.describe(request) });
      return await handler({
        state,
        query,
        id,
        headers: request.headers,
        body,
        nowMs,
        base,
        beforeSave,
        isPdsReachable: this.settings.isPdsReachable,
      });
    } catch (error) {
      if (!(error instanceof PracticeRefusal)) throw error;
      return refusalResponse(error, profile.errors);
    } finally {
      // The request is processed before the delay, so a booking stands even when the caller has timed out.
      if (behaviour === "slow") await this.settings.delayResponse();
    }
  }
}

/** The interaction must match verb and path (GP Connect notes, section 7). */
function readInteraction({ headers, method }: RequestHead, fhirPath: string): Interaction {
  for (const name of SSP_HEADERS) {
    if (!headers[name.toLowerCase()]) refuse("BAD_REQUEST", `Header ${name} is missing`);
  }
  const interaction = interactionById(headers["ssp-interactionid"]);
  if (!interaction) refuse("BAD_REQUEST", "Ssp-InteractionID is not known");
  if (interaction.method !== method || !interaction.path.test(fhirPath)) {
    refuse("BAD_REQUEST", "Ssp-InteractionID does not match the request");
  }
  return interaction;
}

/** `_format` overrides `Accept`; JSON is the default; DSTU2's `application/json+fhir` is refused (notes, 4.2). */
function checkMediaTypes(
  { headers, method }: RequestHead,
  query: URLSearchParams,
  { acceptRequired }: SupplierProfile,
): void {
  const requested = query.get("_format") ?? headers.accept ?? headers["content-type"];
  if (requested === undefined && acceptRequired) refuse("UNSUPPORTED_MEDIA_TYPE", "Accept is missing");
  const wanted = requested ?? MEDIA_TYPE;
  const accepts = wanted.split(",").map(baseType);
  if (!accepts.some((type) => type === MEDIA_TYPE || type === "*/*")) {
    refuse("UNSUPPORTED_MEDIA_TYPE", "Only application/fhir+json is served");
  }
  if (method !== "GET" && baseType(headers["content-type"] ?? "") !== MEDIA_TYPE) {
    refuse("UNSUPPORTED_MEDIA_TYPE", "The body must be application/fhir+json");
  }
}

/** Whether the caller wants XML or sends it. */
function namesXml({ headers }: RequestHead, query: URLSearchParams): boolean {
  return [query.get("_format") ?? headers.accept, headers["content-type"]].some((types) =>
    types?.split(",").some((type) => baseType(type) === "application/fhir+xml"),
  );
}

function baseType(mediaType: string): string {
  return (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
}
