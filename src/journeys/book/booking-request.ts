import { brokenAdjacencyRule, inTimeOrder } from "../../domain/adjacent-slots.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { KnownDetails } from "../../domain/verified-details.js";
import { BadUserInputError } from "../../platform/errors.js";
import type { SlotReference } from "../../platform/ids/slot-id.js";
import { checkComment, checkDescription } from "../description-and-comment.js";
import { recordDenial, requireNhsNumber } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { checkTemporaryContacts, type TemporaryContacts } from "../register/temporary-contacts.js";
import type { BookingOutcome } from "./booking-outcome.js";

/** A booking as the caller requested it. */
export interface BookingRequest {
  readonly nhsNumber: string;
  readonly slotIds: readonly string[];
  readonly description: string;
  readonly comment?: string | undefined;
  readonly verify?: KnownDetails | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly registerIfAbsent: boolean;
  /** For the temporary stay. Used only when a registration is made. */
  readonly temporaryContacts?: TemporaryContacts | undefined;
  readonly acknowledgeDiscrepancies: boolean;
}

/** A booking that is well formed. Whether its slots can still be booked, and together, is checked later. */
export interface ValidatedBooking {
  readonly nhsNumber: NhsNumber;
  readonly odsCode: OdsCode;
  /** In order of time, as practices demand. */
  readonly slots: readonly [SlotReference, ...SlotReference[]];
  readonly description: string;
  readonly comment: string | undefined;
}

const MAX_SLOTS = 20;

/**
 * Gate G3 and the first half of G14, before any call.
 *
 * @throws BadUserInputError naming the argument, for what the calling program got wrong.
 */
export async function validateBooking(
  request: BookingRequest,
  context: JourneyContext,
): Promise<ValidatedBooking> {
  const nhsNumber = await requireNhsNumber(request.nhsNumber, "input.nhsNumber", context);
  try {
    const slots = decodeSlots(request.slotIds, context);
    checkDescription(request.description, "input.description");
    checkComment(request.comment, "input.comment");
    checkTemporaryContacts(request.temporaryContacts);
    const [{ odsCode }] = slots;
    const { description, comment } = request;
    // FHIR has no empty texts.
    return { nhsNumber, odsCode, slots, description, comment: comment === "" ? undefined : comment };
  } catch (error) {
    if (error instanceof BadUserInputError) {
      recordDenial(context, { gate: "G14", auditReason: `MALFORMED ${error.field}`, nhsNumber });
    }
    throw error;
  }
}

/**
 * The second half of gate G14, still before any call: slots that have started, and slots that do not make one
 * appointment.
 */
export function checkSlots(
  { slots, odsCode, nhsNumber }: ValidatedBooking,
  context: JourneyContext,
): BookingOutcome | undefined {
  const deny = (auditReason: string) => recordDenial(context, { gate: "G14", auditReason, nhsNumber });
  if (slots.some((slot) => slot.odsCode !== odsCode)) {
    deny("DIFFERENT_PRACTICES");
    return { kind: "slots-not-bookable-together", code: "DIFFERENT_PRACTICES" };
  }
  if (slots.some((slot) => Date.parse(slot.start) <= context.clock.now())) {
    deny("SLOT_IN_PAST");
    return { kind: "slot-unavailable", code: "SLOT_IN_PAST", message: "The slot has already started." };
  }
  const brokenRule = brokenAdjacencyRule(slots);
  if (brokenRule === undefined) return undefined;
  deny(brokenRule);
  return { kind: "slots-not-bookable-together", code: brokenRule };
}

function decodeSlots(
  ids: readonly string[],
  { slotIds }: JourneyContext,
): [SlotReference, ...SlotReference[]] {
  if (ids.length > MAX_SLOTS) throw slotIdsError(`At most ${MAX_SLOTS} slots can be booked together.`);
  if (new Set(ids).size !== ids.length) throw slotIdsError("A slot is named twice.");
  const decoded = ids.map((id) => {
    const slot = slotIds.decode(id);
    if (slot === undefined) throw slotIdsError("A slot id is not one that this service gave out.");
    return slot;
  });
  const [first, ...rest] = inTimeOrder(decoded);
  if (first === undefined) throw slotIdsError("At least one slot is needed.");
  return [first, ...rest];
}

function slotIdsError(message: string): BadUserInputError {
  return new BadUserInputError("input.slotIds", message);
}
