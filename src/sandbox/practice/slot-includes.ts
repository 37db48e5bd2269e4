import { EXTENSION } from "./urls.js";

/** Values of `_include` and `_include:recurse` that a slot search may have (GP Connect notes, 8.4 and section 6). */
export const INCLUDES = {
  schedule: "Slot:schedule",
  practitioner: "Schedule:actor:Practitioner",
  location: "Schedule:actor:Location",
  organization: "Location:managingOrganization",
  /** Since 1.2.8. */
  healthcareService: "Schedule:actor:HealthcareService",
  /** The includes before 1.2.8. */
  known: [
    "Slot:schedule",
    "Schedule:actor:Practitioner",
    "Schedule:actor:Location",
    "Location:managingOrganization",
  ],
} as const;

/** The service filtering status of a 1.2.8 system with filtering on. */
export const FILTERING_ENABLED = { url: EXTENSION.serviceFilteringStatus, valueCode: "enabled" } as const;
