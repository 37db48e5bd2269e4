import { parseOdsCode } from "../../domain/ods-code.js";
import { UpstreamError } from "../../platform/errors.js";
import type { DirectoryQuery } from "./directory.js";

/**
 * Whether a query may be sent. The FHIR service puts values into its directory filter without escaping, so a `*` or a
 * bracket would change the query (SDS notes, sections 5.6 and 9.6).
 */
export function isWellFormed(query: DirectoryQuery): boolean {
  return (
    parseOdsCode(query.odsCode) === query.odsCode &&
    /^urn:nhs:names:services:[A-Za-z0-9:._$-]+$/.test(query.interaction) &&
    (query.partyKey === undefined || /^[A-Za-z0-9]{1,10}-[0-9]{1,12}$/.test(query.partyKey))
  );
}

/** The same text for queries that have the same result. */
export function queryKey({ odsCode, interaction, partyKey, preferredAsid }: DirectoryQuery): string {
  return [odsCode, interaction, partyKey?.toUpperCase() ?? "", preferredAsid ?? ""].join("|");
}

/** Thrown before anything is sent: a setting or our own code is wrong. */
export function malformedQuery(): UpstreamError {
  return new UpstreamError("The directory query is malformed and was not sent.", {
    service: "SDS",
    code: "UPSTREAM_REFUSED",
    reason: "MALFORMED_DIRECTORY_QUERY",
    retryable: false,
  });
}
