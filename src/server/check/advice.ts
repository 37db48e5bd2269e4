import type { CheckRow } from "./check-row.js";

type Rule = readonly [what: RegExp, details: RegExp, advice: string];

/** The first rule that fits a row gives its advice, so exact ones come first. */
const RULES: readonly Rule[] = [
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
    /not registered/,
    "Compare CONSUMER_ASID and CONSUMER_ODS_CODE (or CONSUMERS_FILE) with the endpoint registration of this environment.",
  ],
  [
    /^Our entry/,
    /lacks/,
    "Ask for these interactions to be added to our endpoint registration; SSP refuses the calls that lack them.",
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
    /API$/,
    /status 403/,
    "Add this API to the application in the developer hub, with the access mode that PDS_AUTH names; its token has no right to it.",
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
    /UNABLE_TO|SELF_SIGNED/,
    "Its authority is not trusted: SPINE_CA_FILE must hold the Root CA and Sub CA of this environment.",
  ],
  [
    /./,
    /ECONNRESET|EPROTO|ERR_SSL|SOCKET/,
    "The service ended the handshake: check that our certificate was issued for this environment.",
  ],
];

/** One sentence on what to do about a row that is `WARN` or `FAIL`. Undefined for others. */
export function adviceFor({ what, result, details }: CheckRow): string | undefined {
  if (result !== "WARN" && result !== "FAIL") return undefined;
  const rule = RULES.find(([ofWhat, ofDetails]) => ofWhat.test(what) && ofDetails.test(details));
  return rule?.[2] ?? "Check the settings of this service (docs/settings.md), and its status page.";
}
