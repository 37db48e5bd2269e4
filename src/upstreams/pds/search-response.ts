import type { PatientMatch } from "../../domain/patient-match.js";
import type { UpstreamError } from "../../platform/errors.js";
import type { HttpResponse } from "../../platform/http/http-client.js";
import type { CallResult } from "../upstream-call.js";
import { badResponse, upstreamError } from "../upstream-errors.js";
import { pdsStatusToError } from "./failures.js";
import { matchedNumber, toPatientMatch } from "./map.js";
import { readSearch, readSpineCodes, type WireSearchEntry } from "./wire.js";

/** The result of a search. Several matches are in order of PDS's match score, which must not be shown (PDS notes, 6.5). */
export type PdsSearchResult =
  | { readonly kind: "matches"; readonly matches: readonly PatientMatch[] }
  | { readonly kind: "too-many" };

/**
 * Reads the response to a search. "Too many matches" and "not supported" have status 200 (PDS notes, 6.5 and 11.1).
 *
 * @throws UpstreamError of service PDS.
 */
export function readSearchResponse(response: HttpResponse): CallResult<PdsSearchResult> {
  const httpStatus = response.status;
  if (httpStatus < 200 || httpStatus > 299) {
    throw pdsStatusToError(response, readSpineCodes(response.body)[0]);
  }
  const reading = readSearch(response.body);
  switch (reading.kind) {
    case "unreadable":
      throw badResponse("PDS", reading.reason, httpStatus);
    case "outcome": {
      const codes = readSpineCodes(response.body);
      if (codes.includes("TOO_MANY_MATCHES")) return { value: { kind: "too-many" }, httpStatus };
      // PDS's public sandbox supports few searches. An unsupported search is not a search without matches.
      throw refusalInSuccess(reading.isUnsupported ? "SEARCH_NOT_SUPPORTED" : codes[0], httpStatus);
    }
    case "bundle": {
      const matches = toMatches(reading.entries, httpStatus);
      return { value: { kind: "matches", matches }, httpStatus, notFound: matches.length === 0 };
    }
  }
}

/** Best match first. A superseded number and the current one may both have matched: that is one person. */
function toMatches(entries: readonly WireSearchEntry[], httpStatus: number): PatientMatch[] {
  const byNumber = new Map<string, PatientMatch>();
  const score = (entry: WireSearchEntry) => entry.search?.score ?? 0;
  for (const { resource } of [...entries].sort((a, b) => score(b) - score(a))) {
    const nhsNumber = matchedNumber(resource);
    if (!nhsNumber) throw badResponse("PDS", "WRONG_PATIENT", httpStatus);
    if (!byNumber.has(nhsNumber)) byNumber.set(nhsNumber, toPatientMatch(resource, nhsNumber));
  }
  return [...byNumber.values()];
}

/** A refusal sent as an OperationOutcome with a success status. */
function refusalInSuccess(reason: string | undefined, httpStatus: number): UpstreamError {
  return upstreamError({ service: "PDS", code: "UPSTREAM_REFUSED", reason, httpStatus, retryable: false });
}
