import { seededUuid } from "../shared/seeded.js";
import { type SimulatedResponse, Refused } from "../http/service.js";

/** Reasons are the codes of the issue; the coding's code is the HTTP status as text (GP Connect notes, 3.3). */
const ISSUE_CODES = { 400: "invalid", 403: "forbidden", 415: "not-supported", 502: "transient" } as const;

/** An error of the proxy itself: bare, without a profile, numbers for codes. */
export function sspResponse(status: keyof typeof ISSUE_CODES, reason: string): SimulatedResponse {
  const coding = [
    {
      code: String(status),
      display: reason,
      system: "http://fhir.nhs.net/ValueSet/gpconnect-schedule-response-code-1-0",
    },
  ];
  return outcome(status, {
    code: ISSUE_CODES[status],
    severity: "error",
    details: { coding },
    diagnostics: reason,
  });
}

/** Ends a request with an error of the proxy itself. */
export function refuseSsp(status: keyof typeof ISSUE_CODES, reason: string): never {
  throw new Refused(sspResponse(status, reason));
}

/** Ends a request whose verb is not forwarded; the proxy words this one differently. */
export function refuseVerb(): never {
  const coding = [
    {
      code: "405",
      system: "https://fhir.nhs.uk/StructureDefinition/spine-operationoutcome-1",
      display: "405: Method Not Allowed",
    },
  ];
  throw new Refused(outcome(405, { code: "forbidden", severity: "fatal", details: { coding } }));
}

function outcome(status: number, issue: object): SimulatedResponse {
  return {
    status,
    headers: { "content-type": "application/fhir+json" },
    body: {
      resourceType: "OperationOutcome",
      id: seededUuid(JSON.stringify(issue)).toUpperCase(),
      issue: [issue],
    },
  };
}
