import { Refused, type SimulatedResponse } from "../http/service.js";
import { seededUuid } from "../shared/seeded.js";

/** Issue code by HTTP status. The coding's code is the status as text (GP Connect notes, 3.3). */
const ISSUE_CODES = {
  400: "invalid",
  403: "forbidden",
  415: "not-supported",
  502: "transient",
  504: "transient",
} as const;

/** An error of the proxy itself: without a profile, with the HTTP status as its code. */
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

/** Refuses a request with an error of the proxy itself. */
export function refuseSsp(status: keyof typeof ISSUE_CODES, reason: string): never {
  throw new Refused(sspResponse(status, reason));
}

/** Refuses a verb that is not forwarded. The proxy uses another format for this error. */
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
