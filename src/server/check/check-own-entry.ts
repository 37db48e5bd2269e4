import type { CallerOrganisation } from "../../domain/caller.js";
import { HttpClient } from "../../platform/http/http-client.js";
import { LdapClient, LdapFailure } from "../../platform/ldap/ldap-client.js";
import type { TlsSource } from "../../platform/tls/tls-source.js";
import { fetchInteractionsByLdap } from "../../upstreams/sds/index.js";
import { INTERACTIONS } from "../../upstreams/ssp/index.js";
import type { CheckOutcome } from "./outcomes.js";

const INTERACTION = "https://fhir.nhs.uk/Id/nhsServiceInteractionId";
const ORGANISATION = "https://fhir.nhs.uk/Id/ods-organization-code";
const ASID = "https://fhir.nhs.uk/Id/nhsSpineASID";

interface NeededInteractions {
  /** Whether practices are called with GP Connect 1.2.8's services. */
  readonly usesServices: boolean;
  readonly timeoutMs: number;
}

export interface OwnEntryOptions extends NeededInteractions {
  /** Base of the SDS FHIR API. */
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Requests a second that SDS grants us. */
  readonly maxRps: number;
}

export interface OwnEntryByLdapOptions extends NeededInteractions {
  /** `ldap(s)://…` */
  readonly url: string;
  readonly baseDn: string;
  readonly tls: TlsSource | undefined;
}

/** Compares our ASID's registered interactions with those that this program sends to practices. One call for each. */
export async function checkOwnEntry(
  organisation: CallerOrganisation,
  options: OwnEntryOptions,
): Promise<CheckOutcome> {
  const http = new HttpClient({ connectionsPerOrigin: 1 });
  const lacking: string[] = [];
  const needed = neededUrns(options);
  try {
    for (const urn of needed) {
      const startedAt = performance.now();
      const registered = await fetchAsids(http, organisation.odsCode, urn, options);
      if (typeof registered === "number")
        return { result: "FAIL", details: `SDS responds with ${registered}` };
      if (!registered.includes(organisation.asid)) lacking.push(urn);
      const pauseMs = 1_000 / options.maxRps - (performance.now() - startedAt);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } catch {
    return { result: "FAIL", details: "no response" };
  } finally {
    await http.close();
  }
  return toOwnEntryOutcome(organisation, needed, lacking);
}

/** The same comparison over LDAP, by one search. */
export async function checkOwnEntryByLdap(
  organisation: CallerOrganisation,
  { url, baseDn, tls, timeoutMs, usesServices }: OwnEntryByLdapOptions,
): Promise<CheckOutcome> {
  const needed = neededUrns({ usesServices });
  const ldap = new LdapClient({ url, tls: tls?.current() });
  try {
    const registered = await fetchInteractionsByLdap(organisation, { ldap, baseDn, timeoutMs });
    const lacking = needed.filter((urn) => !registered?.has(urn));
    return toOwnEntryOutcome(organisation, needed, lacking);
  } catch (error) {
    const { kind, systemCode, resultCode } = error instanceof LdapFailure ? error : new LdapFailure("reset");
    if (kind === "result-code") return { result: "FAIL", details: `SDS responds with result ${resultCode}` };
    return { result: "FAIL", details: `no response: ${systemCode ?? kind}` };
  } finally {
    await ldap.close();
  }
}

function neededUrns({ usesServices }: Pick<NeededInteractions, "usesServices">): string[] {
  return Object.values(INTERACTIONS)
    .map(({ urn }) => urn)
    .filter((urn) => usesServices || urn !== INTERACTIONS.readHealthcareService.urn);
}

function toOwnEntryOutcome(
  { asid, odsCode }: CallerOrganisation,
  needed: readonly string[],
  lacking: readonly string[],
): CheckOutcome {
  const name = `ASID ${asid} at ${odsCode}`;
  if (lacking.length === needed.length)
    return { result: "FAIL", details: `${name} is not registered for GP Connect` };
  if (lacking.length === 0) return { result: "OK", details: `${name} has all ${needed.length} interactions` };
  const names = lacking.map((urn) => urn.replace("urn:nhs:names:services:gpconnect:fhir:", ""));
  return { result: "FAIL", details: `${name} lacks ${names.join(", ")}` };
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
