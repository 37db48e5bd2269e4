import { brokenAdjacencyRule, inTimeOrder } from "../../domain/adjacent-slots.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { KnownDetails } from "../../domain/verified-details.js";
import { BadUserInputError } from "../../platform/errors.js";
import type { SlotReference } from "../../platform/ids/slot-id.js";
import { block, requireNhsNumber } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import type { BookingOutcome } from "./booking-outcome.js";

/** A booking as the caller asked for it. */
export interface BookingRequest {
  readonly nhsNumber: string;
  readonly slotIds: readonly string[];
  readonly description: string;
  readonly comment?: string | undefined;
  readonly verify?: KnownDetails | undefined;
  readonly registerIfAbsent: boolean;
  readonly acknowledgeDiscrepancies: boolean;
}

/** A booking that is well formed: gates G3 and G14 have passed. */
export interface BookingForm {
  readonly nhsNumber: NhsNumber;
  readonly odsCode: OdsCode;
  /** In order of time, as practices demand. */
  readonly slots: readonly [SlotReference, ...SlotReference[]];
  readonly description: string;
  readonly comment: string | undefined;
}

/** GP Connect notes, 8.5. Longer texts are refused, never cut: the end of a sentence may be the part that matters. */
const MAX_DESCRIPTION = 100;
const MAX_COMMENT = 500;
const MAX_SLOTS = 20;

/**
 * Gates G3 and G14, before any call.
 *
 * @throws BadUserInputError naming the argument, for what the calling program got wrong.
 * @returns the form, or the outcome for what became impossible in the meantime.
 */
export function checkBookingForm(
  request: BookingRequest,
  context: JourneyContext,
): BookingForm | BookingOutcome {
  const nhsNumber = requireNhsNumber(request.nhsNumber, "input.nhsNumber", context);
  const closed = (auditReason: string) => block(context, { gate: "G14", auditReason, nhsNumber });
  try {
    const checked = checkContent(request, nhsNumber, context);
    if ("kind" in checked)
      closed(checked.kind === "slot-unavailable" ? "SLOT_IN_PAST" : "NOT_BOOKABLE_TOGETHER");
    return checked;
  } catch (error) {
    if (error instanceof BadUserInputError) closed(`MALFORMED ${error.field}`);
    throw error;
  }
}

function checkContent(
  request: BookingRequest,
  nhsNumber: NhsNumber,
  context: JourneyContext,
): BookingForm | BookingOutcome {
  const slots = decodeSlots(request.slotIds, context);
  checkTexts(request);
  const [first] = slots;
  if (slots.some((slot) => slot.odsCode !== first.odsCode)) {
    return { kind: "slots-not-bookable-together", code: "DIFFERENT_PRACTICES" };
  }
  if (slots.some((slot) => Date.parse(slot.start) <= context.clock.now())) {
    return { kind: "slot-unavailable", code: "SLOT_IN_PAST", message: "The slot has already started." };
  }
  const brokenRule = brokenAdjacencyRule(slots);
  if (brokenRule) return { kind: "slots-not-bookable-together", code: brokenRule };
  return {
    nhsNumber,
    odsCode: first.odsCode,
    slots,
    description: request.description,
    comment: request.comment,
  };
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

function checkTexts({ description, comment }: BookingRequest): void {
  if (description.trim() === "") {
    throw new BadUserInputError("input.description", "The description must not be blank.");
  }
  if (description.length > MAX_DESCRIPTION) {
    throw new BadUserInputError(
      "input.description",
      `The description has ${description.length} characters; at most ${MAX_DESCRIPTION} are allowed.`,
    );
  }
  if (comment !== undefined && comment.length > MAX_COMMENT) {
    throw new BadUserInputError(
      "input.comment",
      `The comment has ${comment.length} characters; at most ${MAX_COMMENT} are allowed.`,
    );
  }
}
