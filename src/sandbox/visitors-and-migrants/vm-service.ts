import type { Clock } from "../../platform/clock.js";
import type { Log } from "../../platform/telemetry/log.js";
import { type RequestHead, type Service, type SimulatedResponse, splitPath } from "../http/service.js";
import type { Population } from "../population/population.js";
import { isNhsNumber } from "../shared/nhs-number.js";
import { isUuid } from "../shared/uuid.js";
import { refuseVm, VM_MEDIA_TYPE } from "./vm-outcome.js";
import { vmBundle } from "./vm-resources.js";
import { checkVmToken } from "./vm-token.js";

const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
const OBSERVATION_CODE = "https://fhir.nhs.uk/fhir-observation-code-1";
const PARAMETERS = ["subject:Patient.identifier", "code", "_format"];

/** Accepted senders, receiver and interaction (in the header's form, without `:1`). */
export interface VmSettings {
  readonly population: Population;
  readonly clock: Clock;
  readonly log?: Log | undefined;
  readonly base: string;
  readonly senderAsids: ReadonlySet<string>;
  readonly receiverAsid: string;
  readonly interaction: string;
}

/** The Visitors & Migrants service: one search, with the parameters of the use-case text (V&M notes, section 2). */
export class VmService implements Service {
  readonly name = "VM";

  constructor(private readonly settings: VmSettings) {}

  describe({ headers }: RequestHead): { interaction?: string | undefined } {
    return { interaction: headers["ssp-interactionid"] };
  }

  respond(request: RequestHead): SimulatedResponse {
    const { path, query } = splitPath(request.path);
    if (request.method === "GET" && path === `${this.settings.base}/metadata`) {
      this.settings.log?.warn({ service: this.name }, "the sandbox does not simulate this operation");
      refuseVm("NOT_IMPLEMENTED", "The capability statement of V&M is not simulated");
    }
    if (request.method !== "GET" || path !== `${this.settings.base}/Observation`) return { status: 404 };
    this.#checkHeaders(request, query);
    const recorded = checkVmToken(request.headers.authorization, this.settings.clock.now());
    const nhsNumber = readQuery(query);
    if (recorded !== nhsNumber)
      refuseVm("REQUEST_UNMATCHED", "JWT requested_record is not the patient of the query");
    if (!isNhsNumber(nhsNumber)) {
      refuseVm("INVALID_NHS_NUMBER", "The NHS number fails its check");
    }
    const person = this.settings.population.personByNumber(nhsNumber);
    // A superseded number is known but has no record: the record belongs to the current number (notes, section 8).
    if (!person || person.standing === "unknown" || person.standing === "invalidated") {
      refuseVm("PATIENT_NOT_FOUND", "The number is not known");
    }
    const headers = { "content-type": VM_MEDIA_TYPE, "cache-control": "no-store" };
    return { status: 200, headers, body: vmBundle(person) };
  }

  #checkHeaders({ headers }: RequestHead, query: URLSearchParams): void {
    const { senderAsids, receiverAsid, interaction } = this.settings;
    for (const name of ["Ssp-TraceID", "Ssp-From", "Ssp-To", "Ssp-InteractionID", "Authorization"]) {
      if (!headers[name.toLowerCase()]) refuseVm("MISSING_OR_INVALID_HEADER", `Header ${name} is missing`);
    }
    if (!isUuid(headers["ssp-traceid"] ?? ""))
      refuseVm("MISSING_OR_INVALID_HEADER", "Ssp-TraceID is not a UUID");
    if ((headers["ssp-version"] ?? "1") !== "1")
      refuseVm("MISSING_OR_INVALID_HEADER", "Ssp-Version must be 1");
    const wanted = (query.get("_format") ?? headers.accept ?? "")
      .split(",")
      .map((type) => type.split(";")[0]?.trim());
    if (!wanted.includes(VM_MEDIA_TYPE)) {
      refuseVm("MISSING_OR_INVALID_HEADER", `Accept must be ${VM_MEDIA_TYPE}`);
    }
    if (!senderAsids.has(String(headers["ssp-from"])))
      refuseVm("ASID_CHECK_FAILED", "Ssp-From is not authorised");
    if (headers["ssp-to"] !== receiverAsid) refuseVm("ASID_CHECK_FAILED", "Ssp-To is not authorised");
    if (headers["ssp-interactionid"] !== interaction)
      refuseVm("ASID_CHECK_FAILED", "Ssp-InteractionID is not known");
  }
}

/** Parses a query in the normative form: a chained search and the fixed code (notes, 2 and 9 row 1). */
function readQuery(query: URLSearchParams): string {
  for (const name of query.keys()) {
    if (!PARAMETERS.includes(name)) refuseVm("INVALID_PARAMETER", "A parameter is not known");
  }
  const [subjectSystem, nhsNumber] = readToken(query, "subject:Patient.identifier");
  if (subjectSystem !== NHS_NUMBER)
    refuseVm("INVALID_IDENTIFIER_SYSTEM", `identifier must be of ${NHS_NUMBER}`);
  const [codeSystem, code] = readToken(query, "code");
  if (codeSystem !== OBSERVATION_CODE) refuseVm("INVALID_CODE_SYSTEM", `code must be of ${OBSERVATION_CODE}`);
  if (code !== "0001") refuseVm("INVALID_CODE_VALUE", "code must be 0001");
  return nhsNumber;
}

function readToken(query: URLSearchParams, name: string): [system: string, value: string] {
  const [token, ...more] = query.getAll(name);
  if (token === undefined || more.length > 0) refuseVm("INVALID_PARAMETER", `Exactly one ${name} is needed`);
  const bar = token.indexOf("|");
  if (bar < 0) refuseVm("INVALID_PARAMETER", `${name} must be system|value`);
  return [token.slice(0, bar), token.slice(bar + 1)];
}
