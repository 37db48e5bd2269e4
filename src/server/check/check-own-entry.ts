import type { CallerOrganisation } from "../../domain/caller.js";
import { HttpClient } from "../../platform/http/http-client.js";
import { INTERACTIONS } from "../../upstreams/ssp/index.js";
import type { CheckOutcome } from "./outcomes.js";

const INTERACTION = "https://fhir.nhs.uk/Id/nhsServiceInteractionId";
const ORGANISATION = "https://fhir.nhs.uk/Id/ods-organization-code";
const ASID = "https://fhir.nhs.uk/Id/nhsSpineASID";

export interface OwnEntryOptions {
  /** Base of the SDS FHIR API. */
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Requests a second that SDS grants us. */
  readonly maxRps: number;
  /** Whether practices are called with GP Connect 1.2.8's services. */
  readonly usesServices: boolean;
  readonly timeoutMs: number;
}

/** Compares our ASID's registered interactions with those that this program sends to practices. One call for each. */
export async function checkOwnEntry(
  { odsCode, asid }: CallerOrganisation,
  options: OwnEntryOptions,
): Promise<CheckOutcome> {
  const http = new HttpClient({ connectionsPerOrigin: 1 });
  const needed = Object.values(INTERACTIONS).filter(
    ({ urn }) => options.usesServices || urn !== INTERACTIONS.readHealthcareService.urn,
  );
  const lacking: string[] = [];
  try {
    for (const { urn } of needed) {
      const startedAt = performance.now();
      const registered = await fetchAsids(http, odsCode, urn, options);
      if (typeof registered === "number")
        return { result: "FAIL", details: `SDS responds with ${registered}` };
      if (!registered.includes(asid)) lacking.push(urn.replace("urn:nhs:names:services:gpconnect:fhir:", ""));
      const pauseMs = 1_000 / options.maxRps - (performance.now() - startedAt);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } catch {
    return { result: "FAIL", details: "no response" };
  } finally {
    await http.close();
  }
  const name = `ASID ${asid} at ${odsCode}`;
  if (lacking.length === needed.length)
    return { result: "FAIL", details: `${name} is not registered for GP Connect` };
  if (lacking.length > 0) return { result: "FAIL", details: `${name} lacks ${lacking.join(", ")}` };
  return { result: "OK", details: `${name} has all ${needed.length} interactions` };
}

/** @returns the ASIDs of the organisation with this interaction, or the status of a refusal. */
async function fetchAsids(
  http: HttpClient,
  odsCode: string,
  interaction: string,
  { url, apiKey, timeoutMs }: OwnEntryOptions,
): Promise<string[] | number> {
  const query = `organization=${ORGANISATION}%7C${odsCode}&identifier=${INTERACTION}%7C${interaction}`;
  const { status, body } = await http.request({
    method: "GET",
    url: `${url.replace(/\/+$/, "")}/Device?${query}`,
    headers: { accept: "application/fhir+json", ...(apiKey !== undefined && { apikey: apiKey }) },
    timeoutMs,
  });
  return status === 200 ? asidsIn(body) : status;
}

interface Bundle {
  readonly entry?: readonly {
    readonly resource?: { readonly identifier?: readonly { system?: unknown; value?: unknown }[] };
  }[];
}

/** @throws when the body is no JSON. */
function asidsIn(body: string): string[] {
  const { entry = [] } = JSON.parse(body) as Bundle;
  return entry.flatMap(({ resource }) =>
    (resource?.identifier ?? []).filter(({ system }) => system === ASID).map(({ value }) => String(value)),
  );
}
