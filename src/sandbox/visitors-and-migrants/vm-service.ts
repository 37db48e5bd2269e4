import type { Clock } from "../../platform/clock.js";
import type { Log } from "../../platform/telemetry/log.js";
import {
  Refused,
  type RequestHead,
  type Service,
  type SimulatedResponse,
  splitPath,
} from "../http/service.js";
import { MIGRANT_MATRIX } from "../personas/migrant-matrix.js";
import type { Population } from "../population/population.js";
import { isNhsNumber } from "../shared/nhs-number.js";
import { isUuid } from "../shared/uuid.js";
import { VM_CONFORMANCE } from "./vm-conformance.js";
import { refuseVm, VM_MEDIA_TYPE, VM_XML_MEDIA_TYPE, wrapInBundle } from "./vm-outcome.js";
import { readIdentifierQuery, readNormativeQuery } from "./vm-query.js";
import { vmBundle } from "./vm-resources.js";
import { checkVmToken } from "./vm-token.js";
import type { VmVariants } from "./vm-variants.js";

/** The patient of the published examples, whose number fails its check. */
const PUBLISHED_NUMBER = "9900002831";

/** Accepted senders, receiver and interaction (in the header's form, without `:1`). */
export interface VmSettings {
  readonly population: Population;
  readonly clock: Clock;
  readonly log?: Log | undefined;
  readonly base: string;
  readonly senderAsids: ReadonlySet<string>;
  readonly receiverAsid: string;
  readonly interaction: string;
  readonly variants?: VmVariants | undefined;
}

/** The Visitors & Migrants service: one search, with the parameters of the use-case text (V&M notes, section 2). */
export class VmService implements Service {
  readonly name = "VM";

  constructor(private readonly settings: VmSettings) {}

  describe({ headers }: RequestHead): { interaction?: string | undefined } {
    return { interaction: headers["ssp-interactionid"] };
  }

  respond(request: RequestHead): SimulatedResponse {
    try {
      return this.#respond(request);
    } catch (error) {
      if (!(error instanceof Refused) || !this.settings.variants?.errorsInBundle) throw error;
      throw new Refused(wrapInBundle(error.response));
    }
  }

  #respond(request: RequestHead): SimulatedResponse {
    const { path, query } = splitPath(request.path);
    const { base, interaction, variants = {} } = this.settings;
    const isConformance =
      (request.method === "GET" && path === `${base}/metadata`) ||
      (request.method === "OPTIONS" && (path === base || path === `${base}/`));
    if (isConformance) {
      this.#checkHeaders(request, query, interaction.replace(/search:observation$/, "read:metadata"));
      checkVmToken(request.headers.authorization, this.settings.clock.now());
      return respondWith(VM_CONFORMANCE);
    }
    if (request.method !== "GET" || path !== `${base}/Observation`) return { status: 404 };
    this.#checkHeaders(request, query, interaction);
    const token = checkVmToken(request.headers.authorization, this.settings.clock.now());
    const { scope, userSystem } = token;
    this.settings.log?.info({ service: this.name, scope, userSystem }, "V&M token variant");
    const nhsNumber = variants.identifierParameter ? readIdentifierQuery(query) : readNormativeQuery(query);
    if (token.nhsNumber !== nhsNumber)
      refuseVm("REQUEST_UNMATCHED", "JWT requested_record is not the patient of the query");
    if (variants.publishedPatient && nhsNumber === PUBLISHED_NUMBER) return respondWith(publishedBundle());
    if (!isNhsNumber(nhsNumber)) {
      refuseVm("INVALID_NHS_NUMBER", "The NHS number fails its check");
    }
    const person = this.settings.population.personByNumber(nhsNumber);
    // A superseded number is known but has no record: the record belongs to the current number (notes, section 8).
    if (!person || person.standing === "unknown" || person.standing === "invalidated") {
      refuseVm("PATIENT_NOT_FOUND", "The number is not known");
    }
    return respondWith(vmBundle(person));
  }

  #checkHeaders({ headers }: RequestHead, query: URLSearchParams, interaction: string): void {
    const { senderAsids, receiverAsid } = this.settings;
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
    if (!wanted.includes(VM_MEDIA_TYPE) && wanted.includes(VM_XML_MEDIA_TYPE)) {
      this.settings.log?.warn({ service: this.name }, "the sandbox does not simulate XML");
      refuseVm("NOT_SIMULATED", "The real service has XML, too");
    }
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

function respondWith(body: object): SimulatedResponse {
  return { status: 200, headers: { "content-type": VM_MEDIA_TYPE, "cache-control": "no-store" }, body };
}

function publishedBundle(): object {
  const status = ["Y", "Chargeable"] as const;
  const category = ["F", "Chargeable non-EEA"] as const;
  const [anyone] = MIGRANT_MATRIX;
  if (!anyone) throw new Error("the V&M matrix is empty");
  const taylor = {
    ...anyone,
    nhsNumber: PUBLISHED_NUMBER,
    family: "Taylor",
    given: ["Mary"],
    prefix: "Miss",
  };
  return vmBundle({ ...taylor, migrant: { status, category } });
}
