import type { SimulatedResponse } from "../http/service.js";
import { type PracticeRequest, resourceResponse } from "./request.js";
import { PROFILE } from "./urls.js";

const RESOURCES = [
  ["Patient", ["read", "search-type"]],
  ["Organization", ["read", "search-type"]],
  ["Practitioner", ["read", "search-type"]],
  ["Location", ["read"]],
  ["Appointment", ["read", "create", "update", "search-type"]],
  ["Slot", ["search-type"]],
] as const;

/** Capability statement (GP Connect notes, section 6). */
export function capabilityStatement({ state }: PracticeRequest): SimulatedResponse {
  const isOlder = state.practice.behaviour === "older";
  const version = isOlder ? "1.2.5" : "1.2.7";
  return resourceResponse({
    resourceType: "CapabilityStatement",
    version,
    name: "GP Connect",
    status: "active",
    date: "2020-01-15",
    publisher: "Sandbox Systems",
    description: `This server implements the GP Connect API version ${version}`,
    kind: "capability",
    software: { name: isOlder ? "Sandbox Classic" : "Sandbox Practice", version: isOlder ? "3.9" : "7.1.0" },
    fhirVersion: "3.0.1",
    acceptUnknown: "both",
    format: ["application/fhir+json"],
    profile: Object.values(PROFILE).map((reference) => ({ reference })),
    rest: [
      {
        mode: "server",
        resource: RESOURCES.map(([type, codes]) => ({
          type,
          interaction: codes.map((code) => ({ code })),
          ...(type === "Appointment" ? { updateCreate: false } : {}),
        })),
        operation: [
          {
            name: "gpc.registerpatient",
            definition: {
              reference: "https://fhir.nhs.uk/STU3/OperationDefinition/GPConnect-RegisterPatient-Operation-1",
            },
          },
        ],
      },
    ],
  });
}
