import type { Log } from "../platform/telemetry/log.js";
import type { Host } from "./http/host.js";
import type { RequestHead } from "./http/service.js";
import type { CallRecord } from "./ldap/ldap-fault.js";
import { LdapServer, type LdapServerTls } from "./ldap/ldap-server.js";
import { RESULT, type SearchRequest } from "./ldap/messages.js";
import { namedBy } from "./ldap/search.js";
import type { Directory } from "./sds/directory.js";
import { DirectoryEntries } from "./sds/ldap-entries.js";
import type { SandboxTls } from "./tls/prepare-tls.js";
import { checkClientCertificate } from "./tls/server-tls.js";

/** What the LDAP interface of SDS needs. */
export interface LdapParts {
  readonly host: Host;
  readonly directory: Directory;
  readonly port: number;
  readonly tls?: LdapServerTls | undefined;
  readonly log?: Log | undefined;
}

/** Starts the LDAP interface of SDS. Its searches are recorded, and subject to faults and holds, like other requests. */
export function startLdap({ host, directory, port, tls, log }: LdapParts): Promise<LdapServer> {
  return LdapServer.listen({
    source: new DirectoryEntries(directory),
    record: (request) => recordSearch(host, request),
    port,
    bind: host.bind,
    tls,
    log,
  });
}

/** Mutual TLS of the directory: a client without the consumer's certificate cannot connect (SDS notes, section 3). */
export function ldapTls({ server, clientHosts }: SandboxTls): LdapServerTls {
  return {
    options: { ...server, rejectUnauthorized: true },
    refusalOf: (socket) => checkClientCertificate(socket, clientHosts.SSP)?.reason,
  };
}

function recordSearch(host: Host, request: SearchRequest): CallRecord {
  const [odsCode, ...others] = new Set(namedBy(request.filter).odsCodes);
  const described = { interaction: "search", odsCode: others.length === 0 ? odsCode : undefined };
  const call = host.receive("SDS", toHead(request), described);
  return {
    fault: call.request.fault,
    pause: (milliseconds) => host.pause(milliseconds),
    pass: () => host.holds.pass(call.request, "processing"),
    finish: ({ result, diagnostics }) => {
      if (result === "success") return call.finish(200, undefined);
      call.finish(statusOf(RESULT[result]), { code: result, diagnostics });
    },
  };
}

/** The search as an LDAP URL (RFC 4516). It holds codes of organisations only. */
function toHead({ baseDn, attributes, scope, filter }: SearchRequest): RequestHead {
  return {
    method: "SEARCH",
    path: `ldap:///${baseDn}?${attributes.join(",")}?${scope}?${filter}`,
    headers: {},
  };
}

/** The HTTP status with the meaning of a result code, for the request list. */
function statusOf(resultCode: number): number {
  if (resultCode === RESULT.busy) return 429;
  if (resultCode === RESULT.unavailable) return 503;
  return resultCode === RESULT.noSuchObject ? 404 : 400;
}
