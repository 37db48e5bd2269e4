import { randomUUID } from "node:crypto";
import type { Caller } from "../../domain/caller.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { HttpClient } from "../../platform/http/http-client.js";
import { signalUntil } from "../../platform/resilience/deadline.js";
import { CallLog } from "../../platform/telemetry/call-log.js";
import type { CallContext } from "../../upstreams/call-context.js";
import { requireCalledAddress } from "../../upstreams/directory-address.js";
import { upstreamError } from "../../upstreams/upstream-errors.js";
import type { Dependencies } from "../dependencies.js";
import { calledAddressRules } from "../spine-addresses.js";
import type { CheckOutcome } from "./outcomes.js";

/**
 * Looks up the directory entry of V&M in the same way as a request does.
 *
 * @throws UpstreamError when the directory fails or has no entry.
 */
export async function fetchSpineEntry(
  dependencies: Dependencies,
  timeoutMs: number,
): Promise<DirectoryEntry> {
  const { directory, spine } = dependencies.sources;
  if (spine.kind === "fixed") return spine.entry;
  const [result] = await directory.lookUp([spine.query], checkContext(dependencies, timeoutMs));
  if (result?.kind === "entry") {
    requireCalledAddress(result.entry.serviceRootUrl, calledAddressRules(dependencies.config));
    return result.entry;
  }
  if (result?.kind === "fault") throw result.error;
  throw upstreamError({
    service: "SDS",
    code: "UPSTREAM_REFUSED",
    reason: "NOT_IN_DIRECTORY",
    retryable: false,
  });
}

export function toEntryOutcome({ asid }: DirectoryEntry): CheckOutcome {
  return { result: "OK", details: `ASID ${asid}` };
}

/** Fetches the key set that verifies callers' tokens and counts its keys. */
export async function checkKeySet(address: string, timeoutMs: number): Promise<CheckOutcome> {
  const http = new HttpClient({ connectionsPerOrigin: 1 });
  try {
    const { status, body } = await http.request({ method: "GET", url: address, headers: {}, timeoutMs });
    const keys = status === 200 ? keysIn(body) : [];
    if (keys.length === 0) return { result: "FAIL", details: `no key set, status ${status}` };
    return { result: "OK", details: keys.length === 1 ? "1 key" : `${keys.length} keys` };
  } catch {
    return { result: "FAIL", details: "no response" };
  } finally {
    await http.close();
  }
}

function keysIn(body: string): unknown[] {
  try {
    const set: unknown = JSON.parse(body);
    return typeof set === "object" && set !== null && "keys" in set && Array.isArray(set.keys)
      ? set.keys
      : [];
  } catch {
    return [];
  }
}

/** Requests the application's own PDS token. A token that needs the sign-in of a person cannot be requested here. */
export async function checkToken(dependencies: Dependencies, timeoutMs: number): Promise<CheckOutcome> {
  const { pdsAccess } = dependencies;
  if (pdsAccess === undefined) return { result: "SKIP", details: "PDS_AUTH is none" };
  if (pdsAccess.mode === "user") return { result: "SKIP", details: "needs the sign-in of a person" };
  await pdsAccess.credentials(checkContext(dependencies, timeoutMs));
  return { result: "OK", details: "issued" };
}

/** The authorisation of the application's own token; empty without one. */
export async function pdsHeaders(
  dependencies: Dependencies,
  timeoutMs: number,
): Promise<Readonly<Record<string, string>>> {
  const { pdsAccess } = dependencies;
  if (pdsAccess?.mode !== "application") return {};
  return (await pdsAccess.credentials(checkContext(dependencies, timeoutMs))).headers;
}

/** The check acts for no caller, so requests with this context must not concern a patient. */
function checkContext(dependencies: Dependencies, timeoutMs: number): CallContext {
  const { audit, clock, config, resilience } = dependencies;
  const [organisation] = config.organisations;
  if (organisation === undefined) throw new TypeError("the settings name at least one organisation");
  const caller: Caller = {
    person: { localId: "check", family: "", given: [], prefix: [] },
    organisation,
  };
  const correlationId = randomUUID();
  return {
    caller,
    correlationId,
    signal: signalUntil(timeoutMs),
    calls: new CallLog(clock),
    audit: audit.trailFor(caller, correlationId),
    resilience,
  };
}
