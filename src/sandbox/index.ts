/**
 * Public interface of the sandbox: simulated PDS, SDS, SSP, GP practices and Visitors & Migrants on loopback, with
 * synthetic patients. Any team that builds a Spine consumer can use it without the graph.
 */

export type { JournalEntry, JudgedRules, NearMiss } from "./control/journal/journal-entry.js";
export type { RequestRule } from "./control/journal/rule.js";
export type { ReplayedRequest } from "./control/replay.js";
export { SandboxClock } from "./control/sandbox-clock.js";
export {
  type JournalFilter,
  SandboxControl,
  SandboxControlError,
  type SandboxDescription,
  type SandboxTime,
} from "./control/sandbox-control.js";
export type { SandboxState } from "./control/sandbox-state.js";
export type { Delay, Fault, FaultKind, FaultResponse, ListedFault, ServiceName } from "./http/faults.js";
export { FaultRegistry } from "./http/faults.js";
export type { Hold, HoldPoint } from "./http/holds.js";
export type { ReceivedRequest } from "./http/service.js";
export type { PdsApplication } from "./pds/token/check-assertion.js";
export { type PatientPersona, PERSONAS, type PracticePersona } from "./personas/personas.js";
export type { PracticeAppointment, PracticePatient, PracticeState } from "./practice/practice-state.js";
export type { PracticeSlot } from "./practice/slot.js";
export type { Sandbox, SandboxOptions, SandboxUrls } from "./sandbox-options.js";
export { startSandbox } from "./start-sandbox.js";
export type { SupplierProfile, SupplierProfileName } from "./suppliers/supplier-profile.js";
export { DEFAULT_PROFILE, isSupplierProfileName, SUPPLIER_PROFILES } from "./suppliers/supplier-profiles.js";
export type { TlsFiles } from "./tls/credential-files.js";
