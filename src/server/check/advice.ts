import type { CheckRow } from "./check-row.js";

type Rule = readonly [what: RegExp, details: RegExp, advice: string];

/** The first rule that fits a row gives its advice, so exact ones come first. */
const RULES: readonly Rule[] = [
  [
    /^Settings/,
    /SPINE_CLIENT_CERT_FILE expired/,
    "Request a new certificate from the NHS with the same host name, and replace SPINE_CLIENT_CERT_FILE.",
  ],
  [
    /^Settings/,
    /not valid before/,
    "Compare the clock of this machine; until that day, keep the certificate before it in SPINE_CLIENT_CERT_FILE.",
  ],
  [
    /^Settings/,
    /does not belong/,
    "Put the key with which the certificate was requested into SPINE_CLIENT_KEY_FILE.",
  ],
  [/^Settings/, /./, "Correct the setting that the row names (docs/settings.md), then run the check again."],
  [
    /^Our certificate/,
    /an issuer's certificate has expired/,
    "Replace the Sub CA's certificate in SPINE_CLIENT_CERT_FILE and SPINE_CA_FILE by the present one of this environment.",
  ],
  [
    /^Our certificate/,
    /not valid yet/,
    "Compare the clock of this machine; until that day, use the issuer's certificate before it.",
  ],
  [
    /^Our certificate/,
    /expired/,
    "Request a new certificate from the NHS with the same host name, and replace SPINE_CLIENT_CERT_FILE.",
  ],
  [
    /^Our certificate/,
    /issuer/,
    "Append the Sub CA's certificate of this environment to SPINE_CLIENT_CERT_FILE, after our own.",
  ],
  [/^Our certificate/, /ends in/, "Request the renewal now; the files are reloaded without a restart."],
  [
    /^Our entry/,
    /with 401/,
    "Compare SDS_API_KEY with the key of the application of this environment in the developer hub.",
  ],
  [
    /^Our entry/,
    /with 403/,
    "Add SDS to the application of this environment in the developer hub; its key has no right to it.",
  ],
  [
    /^Our entry/,
    /not registered/,
    "Compare CONSUMER_ASID and CONSUMER_ODS_CODE (or CONSUMERS_FILE) with the endpoint registration of this environment.",
  ],
  [
    /^Our entry/,
    /lacks/,
    "Ask for these interactions to be added to our endpoint registration; SSP refuses the calls that lack them.",
  ],
  [
    /^Our entry/,
    /no response: (ECONNRESET|reset)/,
    "SDS ended the connection: check that our certificate was issued for this environment.",
  ],
  [/^Our entry/, /./, "Correct the row of SDS first, then run the check again."],
  [
    /^Callers' keys|^Their key set/,
    /./,
    "Compare AUTH_JWKS_URL with the jwks_uri of the issuer's discovery document.",
  ],
  [
    /^Spine in SDS/,
    /NOT_IN_DIRECTORY/,
    "Compare SPINE_PARTY_KEY, SPINE_ODS_CODE and VM_DIRECTORY_INTERACTION with Spine's service names of this environment.",
  ],
  [
    /^PDS token/,
    /INVALID_CLIENT|kid|INVALID_REQUEST/,
    "Compare PDS_API_KEY and PDS_KEY_ID with the developer hub, and check that the public key of PDS_PRIVATE_KEY_FILE is published there.",
  ],
  [
    /^PDS token/,
    /./,
    "Compare PDS_TOKEN_URL, PDS_API_KEY and PDS_KEY_ID with the application of this environment in the developer hub.",
  ],
  [
    /^PDS API/,
    /status 403/,
    "Add this API to the application in the developer hub, with the access mode that PDS_AUTH names; its token has no right to it.",
  ],
  [
    /^SDS API/,
    /status 403/,
    "Add SDS to the application of this environment in the developer hub; its key has no right to it.",
  ],
  [
    /^PDS API/,
    /status 401/,
    "PDS_TOKEN_URL and PDS_URL must be of one environment: a token of another one is not accepted.",
  ],
  [
    /^SDS API/,
    /status 401/,
    "Compare SDS_API_KEY with the key of the application of this environment in the developer hub.",
  ],
  [
    /^PDS API/,
    /ASID/,
    "Ask the NHS API platform to link an ASID with the application: without one PDS refuses every read.",
  ],
  [
    /^(PDS|SDS) API/,
    /status 429/,
    "Wait a minute and run the check again; then compare the granted rate with PDS_MAX_RPS and SDS_MAX_RPS.",
  ],
  [/^(PDS|SDS) API/, /path is wrong/, "Correct the setting that the row names."],
  [/^Cache/, /NOAUTH|WRONGPASS/, "Put the user and password of Redis into CACHE_URL."],
  [
    /^Cache/,
    /evict/,
    "Set maxmemory and maxmemory-policy allkeys-lru at Redis: it holds nothing that must be kept.",
  ],
  [/^Store/, /memory/, "Set DATABASE_URL, or every command and audit record is gone with the process."],
  [
    /^Store/,
    /./,
    "Look at the database's own log; check DATABASE_URL, the network policy and the rights of its user on the schema.",
  ],
  [
    /./,
    /clocks differ/,
    "Synchronise this machine with the NHS time servers: tokens are refused when clocks differ.",
  ],
  [/./, /certificate ends/, "Tell the operator of that service that its certificate ends soon."],
  [
    /./,
    /ENOTFOUND|EAI_AGAIN/,
    "The host name is unknown here: check the setting's spelling, and whether the HSCN name servers are in use.",
  ],
  [/./, /ECONNREFUSED/, "Nothing listens there: check host and port in the setting."],
  [
    /./,
    /timeout|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH/,
    "A firewall or a missing route drops the connection: check the HSCN connection and the allowed addresses and ports.",
  ],
  [/./, /ALTNAME/, "The certificate names another host: use the host name that it was issued for."],
  [
    /./,
    /CERT_HAS_EXPIRED/,
    "The certificate of the service has expired, or the clock of this machine is wrong.",
  ],
  [
    /./,
    /CERT_NOT_YET_VALID/,
    "The certificate of the service is not valid yet, or the clock of this machine is wrong.",
  ],
  [
    /./,
    /our certificate is refused/,
    "The service rejects our certificate or got none: SPINE_CLIENT_CERT_FILE must be issued for this environment and for the host name of our ASID.",
  ],
  [
    /^(PDS|Token endpoint|Callers' keys|Cache)$/,
    /UNABLE_TO|SELF_SIGNED/,
    "Node.js does not trust its authority: where a proxy or an own authority stands in between, name its certificate in NODE_EXTRA_CA_CERTS.",
  ],
  [
    /./,
    /UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
    "Its chain has a gap: SPINE_CA_FILE must hold the Sub CA of this environment beside the Root CA, or the service must send it.",
  ],
  [
    /./,
    /UNABLE_TO|SELF_SIGNED/,
    "Its authority is not trusted: SPINE_CA_FILE must hold the Root CA and Sub CA of this environment.",
  ],
  [
    /./,
    /ECONNRESET|EPROTO|ERR_SSL|SOCKET/,
    "The service ended the connection at the handshake: check that SPINE_CLIENT_CERT_FILE is set, and was issued for this environment.",
  ],
];

/** One sentence on what to do about a row that is `WARN` or `FAIL`. Undefined for others. */
export function adviceFor({ what, result, details }: CheckRow): string | undefined {
  if (result !== "WARN" && result !== "FAIL") return undefined;
  const rule = RULES.find(([ofWhat, ofDetails]) => ofWhat.test(what) && ofDetails.test(details));
  return rule?.[2] ?? "Check the settings of this service (docs/settings.md), and its status page.";
}
