/**
 * The door of the sandbox: PDS, SDS, SSP, GP practices and Visitors & Migrants on loopback, with invented people.
 * It may be used alone, by anybody who builds a consumer of Spine.
 */
export { PERSONAS, type PatientPersona, type PracticePersona } from "./personas/personas.js";
export type { Fault, FaultResponse, FaultKind, ServiceName } from "./http/faults.js";
export { FaultRegistry } from "./http/faults.js";
export type { ReceivedRequest } from "./http/service.js";
export type { PdsApplication } from "./pds/token/check-assertion.js";
export type { PracticeAppointment, PracticePatient, PracticeSlot, PracticeState } from "./practice/practice-state.js";
export { type Sandbox, type SandboxOptions, startSandbox } from "./start-sandbox.js";
