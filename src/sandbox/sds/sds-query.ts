/** Identifier systems of SDS search tokens. */
export const SDS_SYSTEMS = {
  odsCode: "https://fhir.nhs.uk/Id/ods-organization-code",
  interaction: "https://fhir.nhs.uk/Id/nhsServiceInteractionId",
  partyKey: "https://fhir.nhs.uk/Id/nhsMhsPartyKey",
} as const;

/** Criteria of an SDS look-up. */
export interface SdsQuery {
  readonly odsCode?: string;
  readonly interaction?: string;
  readonly partyKey?: string;
  readonly manufacturer?: string;
}

const PARAMETERS = {
  Device: ["organization", "identifier", "manufacturing-organization"],
  Endpoint: ["organization", "identifier"],
} as const;

/**
 * Parses the parameters of a look-up (SDS notes, sections 9.2 to 9.4).
 *
 * @returns the query, or the diagnostics of the refusal.
 */
export function readSdsQuery(
  resource: keyof typeof PARAMETERS,
  parameters: URLSearchParams,
): SdsQuery | string {
  const query: { -readonly [member in keyof SdsQuery]: SdsQuery[member] } = {};
  const allowed: readonly string[] = PARAMETERS[resource];
  // A repeated parameter of one system does not mean OR: the last value wins without a warning (section 9.4).
  for (const [name, value] of parameters) {
    if (!allowed.includes(name)) return `Illegal query parameter '${name}'`;
    const bar = value.indexOf("|");
    const system = value.slice(0, bar);
    const code = value.slice(bar + 1);
    if (bar < 0 || code === "") return invalid(name);
    if (name === "organization" && system === SDS_SYSTEMS.odsCode) query.odsCode = code;
    else if (name === "manufacturing-organization" && system === SDS_SYSTEMS.odsCode)
      query.manufacturer = code;
    else if (name === "identifier" && system === SDS_SYSTEMS.interaction) query.interaction = code;
    else if (name === "identifier" && system === SDS_SYSTEMS.partyKey) query.partyKey = code;
    else return invalid(name);
  }
  return missing(resource, query) ?? query;
}

/** A Device needs organisation and interaction; an Endpoint any two of the three. */
function missing(resource: keyof typeof PARAMETERS, query: SdsQuery): string | undefined {
  if (resource === "Device") {
    if (query.odsCode === undefined) return invalid("organization");
    return query.interaction === undefined ? invalid("identifier") : undefined;
  }
  const given = [query.odsCode, query.interaction, query.partyKey].filter((value) => value !== undefined);
  if (given.length >= 2) return undefined;
  return invalid(query.odsCode === undefined ? "organization" : "identifier");
}

function invalid(name: string): string {
  const isIdentifier = name === "identifier";
  const shape = isIdentifier
    ? `${SDS_SYSTEMS.interaction}|value' or 'identifier=${SDS_SYSTEMS.partyKey}|value`
    : `${SDS_SYSTEMS.odsCode}|value`;
  return `Missing or invalid '${name}' query parameter. Should be '${name}=${shape}'`;
}
