import { check, type RuleCheck } from "./rule.js";

/** What a server with TLS checks before it reads a request. They judge only requests that fail them. */
export const CERTIFICATE_CHECKS: readonly RuleCheck[] = [
  check("P-T4", /^no client certificate$/, "The client certificate of the consumer"),
  check("P-T3", /^client certificate (.+)$/, "A valid client certificate of the consumer (this one: $1)"),
];

/** What the proxy checks, in its order. */
export const SSP_CHECKS: readonly RuleCheck[] = [
  check("P-H2", /^405$/, "The method GET, POST or PUT"),
  check("S-1", /^MISSING_OR_INVALID_HEADER_(.+)$/, "The header $1 with a valid value"),
  check("S-3", /^ASID_CHECK_FAILED_MESSAGESENDER_/, "The ASID of an accredited consumer in Ssp-From"),
  check("P-H7", /^Unsupported_Media_Type$/, "A known Ssp-InteractionID"),
  check(
    "P-T8",
    /^PARTYKEY_INTERACTION_CHECK_FAILED/,
    "The ASID of the practice at this address, registered for the interaction, in Ssp-To",
  ),
  check("S-3", /^ENDPOINT_.*_VARIES_FROM_TARGETURL_/, "The address that SDS returned, unchanged"),
  check("S-3", /^FOT_CHECK_FAILED_/, "A practice with a sharing agreement"),
];

/** What PDS checks of a token request. */
const TOKEN_CHECKS: readonly RuleCheck[] = [
  check("PDS-1", /^Content-Type header must be (.+)$/, "The header Content-Type: $1, without parameters"),
  check("PDS-1", /./, "A token request with the grant type and a valid, unused assertion"),
];

const PDS_OF_ALL: readonly RuleCheck[] = [
  check(
    "PDS-2",
    /Authorization header|token type|access token|Access Token/i,
    "A valid access token: Authorization: Bearer …",
  ),
  check("PDS-10", /quota|rate limited/, "Fewer requests: wait and retry"),
  check("PDS-2", /^Unsupported path/, "A published path"),
  check("PDS-2", / in header '(.+)'$/, "A well-formed value in the header $1"),
  check("PDS-3", /insufficient permissions/, "An access mode that permits this request"),
];

const PDS_SEARCH: readonly RuleCheck[] = [
  check("PDS-2", /X-Request-ID header must be supplied/, "The header X-Request-ID with a UUID"),
  check("PDS-6", /^Missing value - '(.+)'$/, "The parameter $1"),
  check("PDS-6", /^Invalid value - '.*' in field '(.+)'$/, "A valid value in $1"),
  check("PDS-6", /^Invalid search data provided - '(.+)'$/, "Enough search criteria: $1"),
  check("PDS-6", /^(Invalid|UNSUPPORTED_SERVICE)/, "Known search parameters only, with encoded wildcards"),
];

const PDS_RECORD: readonly RuleCheck[] = [
  check("PDS-2", /^UNSUPPORTED_SERVICE$/, "The method GET"),
  check("PDS-2", /X-Request-ID header must be supplied/, "The header X-Request-ID with a UUID"),
  check("PDS-7", /^INVALID_RESOURCE_ID$/, "An NHS number of ten digits that passes its check"),
  check(
    "PDS-7",
    /^(RESOURCE_NOT_FOUND|INVALIDATED_RESOURCE)$/,
    "The NHS number of a record that can be retrieved",
  ),
];

const PDS_UPDATE: readonly RuleCheck[] = [
  check("PDS-7", /^INVALID_RESOURCE_ID$/, "An NHS number of ten digits that passes its check"),
  check("PDS-13", /If-Match header must be supplied/, "The header If-Match with the current version"),
  check("PDS-13", /^UNSUPPORTED_SERVICE$/, "The header Content-Type: application/json-patch+json"),
  check("PDS-2", /X-Request-ID header must be supplied/, "The header X-Request-ID with a UUID"),
  check(
    "PDS-7",
    /^(RESOURCE_NOT_FOUND|INVALIDATED_RESOURCE)$/,
    "The NHS number of a record that can be retrieved",
  ),
  check("PDS-13", /^Invalid update/, "At least one patch in the member patches"),
  check("PDS-13", /^RESOURCE_VERSION_MISMATCH$/, "The current version in If-Match"),
];

/** What PDS checks of a method and an interaction: `token`, `Patient.search` or `Patient.read`. */
export function pdsChecks(method: string, interaction: string | undefined): readonly RuleCheck[] {
  if (interaction === "token") return TOKEN_CHECKS;
  if (method === "PATCH") return [...PDS_OF_ALL, ...PDS_UPDATE];
  return [...PDS_OF_ALL, ...(interaction === "Patient.search" ? PDS_SEARCH : PDS_RECORD)];
}

/** What the HTTP interface of SDS checks, in its order. */
export const SDS_CHECKS: readonly RuleCheck[] = [
  check("SDS-4", /^Missing API key$/, "The header apikey"),
  check("SDS-8", /quota|rate limited/, "Fewer requests: wait and retry"),
  check("SDS-1", /^HTTP 404/, "The path Device or Endpoint"),
  check("SDS-1", /^HTTP 405/, "The method GET"),
  check("SDS-6", /^HTTP 406/, "A served media type in Accept, without parameters"),
  check("SDS-5", /Invalid X-Correlation-ID header/, "A UUID in X-Correlation-ID"),
  check("SDS-1", /^HTTP 400: Bad Request \((.+)\)$/, "Other parameters: $1"),
];

/** What Visitors & Migrants checks, in its order. */
export const VM_CHECKS: readonly RuleCheck[] = [
  check("VM-2", /^Header (\S+) is missing$/, "The header $1"),
  check("VM-2", /^(Ssp-TraceID|Ssp-Version|Accept) (is|must)/, "A valid value in the header $1"),
  check("VM-1", /^(\S+) is not (authorised|known)$/, "A value in $1 that is registered"),
  check(
    "VM-6",
    /^(Authorization header missing|JWT (must have three parts|header|payload|with |typ ))/,
    "A JWT: base64url header and payload, and a signature or none",
  ),
  check(
    "VM-3",
    /^JWT (?!requested_record is not|iat and exp|must live|has expired)/,
    "A token with valid claims",
  ),
  check(
    "VM-5",
    /^JWT (iat and exp|must live|has expired)/,
    "A token of 300 seconds at most that has not expired",
  ),
  check(
    "VM-8",
    /^(A parameter is not known|Exactly one|code must|identifier must|\S+ must be)/,
    "The parameters that the specification defines",
  ),
  check(
    "VM-4",
    /^JWT requested_record is not the patient of the query$/,
    "The same patient in the token and in the query",
  ),
  check("VM-9", /^The (NHS number fails its check|number is not known)$/, "A known NHS number"),
];
