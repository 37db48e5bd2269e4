import type { PatientMatch } from "../../domain/patient-match.js";
import type { UpstreamError } from "../../platform/errors.js";
import type { HttpResponse } from "../../platform/http/http-client.js";
import type { CallResult } from "../../platform/recorded-call.js";
import { badResponse, statusToError, upstreamError } from "../../platform/upstream-failures.js";
import { matchedNumber, toPatientMatch } from "./map.js";
import { readSearch, readSpineCodes, type WireSearchEntry } from "./wire.js";

/** What a search came to. Several matches are in PDS's order of likeness; how alike is not for showing (PDS notes, 6.5). */
export type PdsSearchResult =
  | { readonly kind: "matches"; readonly matches: readonly PatientMatch[] }
  | { readonly kind: "too-many" };

/** Reads the answer of a search. "Too many" and "not supported" come under 200 as well (PDS notes, 6.5 and 11.1). */
export function readSearchResponse(answer: HttpResponse): CallResult<PdsSearchResult> {
  const httpStatus = answer.status;
  if (httpStatus < 200 || httpStatus > 299) {
    throw statusToError(httpStatus, "PDS", readSpineCodes(answer.body)[0], answer);
  }
  const reading = readSearch(answer.body);
  switch (reading.kind) {
    case "unreadable":
      throw badResponse("PDS", reading.reason, httpStatus);
    case "outcome": {
      const codes = readSpineCodes(answer.body);
      if (codes.includes("TOO_MANY_MATCHES")) return { value: { kind: "too-many" }, httpStatus };
      // The public sandbox knows few searches. That it does not know this one never means "nobody".
      throw refusedInside(reading.isUnsupported ? "SEARCH_NOT_SUPPORTED" : codes[0], httpStatus);
    }
    case "bundle": {
      const matches = toMatches(reading.entries, httpStatus);
      // Fewer than were counted: somebody is missing from the answer.
      if ((reading.total ?? 0) > reading.entries.length)
        throw badResponse("PDS", "INCOMPLETE_BUNDLE", httpStatus);
      return { value: { kind: "matches", matches }, httpStatus, notFound: matches.length === 0 };
    }
  }
}

/** Likeliest first. A superseded number and its successor may both have matched: that is one person. */
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

/** A refusal that came as an OperationOutcome under a status of success. */
function refusedInside(reason: string | undefined, httpStatus: number): UpstreamError {
  return upstreamError({ service: "PDS", code: "UPSTREAM_REFUSED", reason, httpStatus, retryable: false });
}
