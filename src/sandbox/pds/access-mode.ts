import { refuseForMode, refuseSeveralResults } from "./pds-outcome.js";
import type { TokenMode } from "./token/token-endpoint.js";

const NAMES: Readonly<Record<TokenMode, string>> = {
  application: "application-restricted",
  user: "healthcare-worker",
};

/**
 * Refuses what an access mode does not permit (PDS notes, 1.2 and 2.1): Coverage in both modes; updates, creation and
 * several results for an application without a user.
 */
export function checkMode(mode: TokenMode, method: string, resource: string, query: URLSearchParams): void {
  const cannot = (verb: string) => `Cannot ${verb} resource with ${NAMES[mode]} access token`;
  if (resource === "Coverage") refuseForMode("ACCESS_DENIED", cannot(method));
  if (mode === "user") return;
  if (method === "PATCH") refuseForMode("INVALID_METHOD", cannot("update"));
  if (method === "POST") refuseForMode("INVALID_METHOD", cannot("create"));
  if (!["1", null].includes(query.get("_max-results"))) refuseSeveralResults();
}
