import type { SimulatedResponse } from "../http/service.js";
import { type PracticeRequest, resourceResponse } from "./request.js";
import { FILTERING_ENABLED, INCLUDES } from "./slot-includes.js";
import { PROFILE } from "./urls.js";

const RESOURCES = [
  ["Patient", ["read", "search-type"]],
  ["Organization", ["read", "search-type"]],
  ["Practitioner", ["read", "search-type"]],
  ["Location", ["read"]],
  ["Appointment", ["read", "create", "update", "search-type"]],
  ["Slot", ["search-type"]],
] as const;
const HEALTHCARE_SERVICE = ["HealthcareService", ["read", "search-type"]] as const;

/** Home visits exist since this version. */
const VISITS_VERSION = "1.2.9";

/** Capability statement (GP Connect notes, section 6). */
export function capabilityStatement({ state }: PracticeRequest): SimulatedResponse {
  const { software, serviceFiltering } = state.profile;
  const gpConnectVersion =
    state.practice.behaviour === "visits" ? VISITS_VERSION : state.profile.gpConnectVersion;
  const resources = serviceFiltering ? [...RESOURCES, HEALTHCARE_SERVICE] : RESOURCES;
  return resourceResponse({
    resourceType: "CapabilityStatement",
    version: gpConnectVersion,
    name: "GP Connect",
    status: "active",
    date: "2020-01-15",
    publisher: "Sandbox Systems",
    description: `This server implements the GP Connect API version ${gpConnectVersion}`,
    kind: "capability",
    software,
    fhirVersion: "3.0.1",
    acceptUnknown: "both",
    format: ["application/fhir+json"],
    ...(serviceFiltering ? { extension: [FILTERING_ENABLED] } : {}),
    profile: Object.values(PROFILE).map((reference) => ({ reference })),
    rest: [
      {
        mode: "server",
        resource: resources.map(([type, codes]) => ({
          type,
          interaction: codes.map((code) => ({ code })),
          ...(type === "Appointment" ? { updateCreate: false } : {}),
          ...(type === "Slot" ? slotSearch(serviceFiltering) : {}),
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

function slotSearch(serviceFiltering: boolean): object {
  const serviceIdentifier = { name: "service.identifier", type: "token" };
  return {
    searchInclude: serviceFiltering ? [...INCLUDES.known, INCLUDES.healthcareService] : INCLUDES.known,
    ...(serviceFiltering ? { searchParam: [serviceIdentifier] } : {}),
  };
}
