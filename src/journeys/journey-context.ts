import type { CommandCoordinator } from "../commands/command-coordinator.js";
import type { NhsNumberRules } from "../domain/nhs-number.js";
import type { RelationshipQuery } from "../domain/relationship-check.js";
import type { Loaders } from "../loaders/create-loaders.js";
import type { Clock } from "../platform/clock.js";
import type { AppointmentIds } from "../platform/ids/appointment-id.js";
import type { SlotIds } from "../platform/ids/slot-id.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { GpConnectClient } from "../upstreams/ssp/index.js";

/** A deployment's own check of the caller's relationship to a patient. Never rejects; only `"allowed"` opens gate G2. */
export type RelationshipGuard = (query: RelationshipQuery) => Promise<"allowed" | "refused" | "failed">;

/** What the steps of a journey need: one caller, one request. */
export interface JourneyContext {
  readonly call: CallContext;
  readonly loaders: Loaders;
  /** Commands go to the client directly: a write is never shared or batched. */
  readonly gpConnect: GpConnectClient;
  readonly slotIds: SlotIds;
  readonly appointmentIds: AppointmentIds;
  readonly clock: Clock;
  readonly nhsNumberRules: NhsNumberRules;
  /** Undefined where the deployment has no check of its own, and for the reconciliation of what was permitted before. */
  readonly relationshipGuard?: RelationshipGuard | undefined;
  /** Stores commands before they are sent, and reconciles them. */
  readonly commands: CommandCoordinator;
}
