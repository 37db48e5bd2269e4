import type { Caller, ConsumerSystem } from "../../domain/caller.js";
import type { RequestedScope } from "./interactions.js";
import { ID } from "./wire.js";

export interface AuditTokenInput {
  readonly caller: Caller;
  readonly system: ConsumerSystem;
  /** The practice's service root, as in the directory. */
  readonly audience: string;
  readonly scope: RequestedScope;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The exact time to live of a token: practices refuse any other. */
const LIFETIME_SECONDS = 300;
/** Subtracted from the issue time, so that a practice whose clock is behind ours accepts the token. */
const CLOCK_SKEW_SECONDS = 2;
/** Sent when the person has no smartcard. */
const UNKNOWN_ID = "UNK";

/**
 * The unsigned token that names the person, the organisation and the reason of a request. Each attempt has its own. It
 * has three parts; the last one is empty, so the token ends in a dot (GP Connect notes, section 5).
 */
export function createAuditToken(input: AuditTokenInput): string {
  return `${encode({ alg: "none", typ: "JWT" })}.${encode(toClaims(input))}.`;
}

function toClaims({ caller, system, audience, scope, now }: AuditTokenInput): object {
  const { person, organisation } = caller;
  const issuedAt = Math.floor(now / 1000) - CLOCK_SKEW_SECONDS;
  const systemUrl = system.url.replace(/\/+$/, "");
  // Only the listed members: some practices refuse a resource with an unexpected element.
  return {
    iss: system.url,
    sub: person.localId,
    aud: audience,
    exp: issuedAt + LIFETIME_SECONDS,
    iat: issuedAt,
    reason_for_request: "directcare",
    requested_scope: scope,
    requesting_device: {
      resourceType: "Device",
      identifier: [{ system: `${systemUrl}/Id/device-identifier`, value: system.product }],
      model: system.product,
      version: system.version,
    },
    requesting_organization: {
      resourceType: "Organization",
      identifier: [{ system: ID.odsOrganisation, value: organisation.odsCode }],
      name: organisation.name,
    },
    requesting_practitioner: {
      resourceType: "Practitioner",
      id: person.localId,
      identifier: [
        { system: ID.sdsUser, value: person.sdsUserId ?? UNKNOWN_ID },
        { system: ID.sdsRoleProfile, value: person.sdsRoleProfileId ?? UNKNOWN_ID },
        { system: `${systemUrl}/Id/user-guid`, value: person.localId },
      ],
      name: [
        {
          family: person.family,
          given: person.given,
          ...(person.prefix.length > 0 ? { prefix: person.prefix } : {}),
        },
      ],
    },
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part), "utf8").toString("base64url");
}
