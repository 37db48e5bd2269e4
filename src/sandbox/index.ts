/**
 * The door of the sandbox: PDS, SDS, SSP, GP practices and Visitors & Migrants on loopback, with invented people.
 * It may be used alone, by anybody who builds a consumer of Spine.
 */
export { CAST, type CastPatient, type CastPractice } from "./cast/cast.js";
export type { Fault, FaultAnswer, FaultKind, ServiceName } from "./kit/fault-board.js";
export { FaultBoard } from "./kit/fault-board.js";
export type { ReceivedRequest } from "./kit/service.js";
export type { PdsApplication } from "./pds/token/check-assertion.js";
export type { BookAppointment, BookPatient, BookSlot, PracticeBook } from "./practice/book.js";
export { type Sandbox, type SandboxOptions, startSandbox } from "./start-sandbox.js";
