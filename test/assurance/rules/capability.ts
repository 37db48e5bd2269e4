import { BINDS_PRACTICE, type RuleSection, rule } from "../rule.js";

/** Functional requirements of appointment management. */
export const CAPABILITY: RuleSection = {
  title: "Functional requirements",
  rules: [
    rule(
      "GPC-CC-1",
      "S",
      "Before every interaction: a traced valid number, a sharing agreement, an audit record",
    ),
    rule("GPC-SFS", "S, P", "Returns free, bookable slots that match the search"),
    rule("GPC-SFS-1", "S", "Searches bookable slots with one request for each practice and window"),
    rule("GPC-SFS-1.1", "S", "Searches slots by the practice's ODS code"),
    rule("GPC-SFS-1.3", "S", "Searches slots by a start and an end date, at most two weeks apart"),
    rule(
      "GPC-SFS-1.4",
      "S",
      "The organisation type is in the value set, and a booking repeats that of the search",
    ),
    rule("GPC-SFS-1.5", "S", "Filters slots by the outcome of urgent-care triage", {
      notUsed: "optional, and practices ignore it, so no such filter is offered",
    }),
    rule("GPC-SFS-1.6", "S", "Filters slots by a service of the Directory of Services"),
    rule("GPC-SFS-2", "P", "Applies the range and the restrictions, and ignores unknown filters", {
      note: BINDS_PRACTICE,
    }),
    rule("GPC-BPA", "S, P", "Finds the patient, registers if absent, books all adjacent slots or none"),
    rule("GPC-BPA-1", "S", "Adjacent slots can be booked as one longer appointment"),
    rule("GPC-BPA-2", "S", "Finds the patient at the practice that owns the slot"),
    rule("GPC-BPA-3", "P", "Finds only active patients", { note: BINDS_PRACTICE }),
    rule(
      "GPC-BPA-4",
      "S",
      "Registers a patient who is not found: number, birth date, official name, temporary contact details",
    ),
    rule("GPC-BPA-5", "P", "Makes a temporary registration", { note: BINDS_PRACTICE }),
    rule(
      "GPC-BPA-6",
      "S",
      "Description up to 100 characters, comment up to 500, no reason; longer texts are refused, never truncated",
    ),
    rule("GPC-BPA-7", "P", "Refuses the booking unless all slots are still free", { note: BINDS_PRACTICE }),
    rule("GPC-BPA-8", "P", "Responds to a booking with 201", { note: BINDS_PRACTICE }),
    rule("GPC-BPA-9", "P", "Gives the reason of a refusal in an OperationOutcome", { note: BINDS_PRACTICE }),
    rule("GPC-RPAS", "S, P", "Lists appointments from today on; an earlier range is refused with the reason"),
    rule("GPC-RPAS-1", "S", "Lists appointments by dates without times, from today or later, with an end"),
    rule("GPC-RPAS-2", "P", "Refuses past dates, and times", { note: BINDS_PRACTICE }),
    rule("GPC-RPA", "S, P", "Reads one appointment by its id"),
    rule("GPC-APA", "S, P", "Amends only the description and the comment"),
    rule(
      "GPC-APA-1",
      "S",
      "Changes only an appointment that this system returned, in the version that the user saw",
    ),
    rule("GPC-APA-2", "S", "Sends every other element back unchanged"),
    rule("GPC-APA-3", "S", "Reports a stale version, with the current state"),
    rule("GPC-APA-4", "P", "Applies the amendment", { note: BINDS_PRACTICE }),
    rule("GPC-APA-5", "P", "Confirms the amendment", { note: BINDS_PRACTICE }),
    rule("GPC-APA-6", "P", "Refuses other changes", { note: BINDS_PRACTICE }),
    rule("GPC-CPA", "S, P", "Cancels only future appointments"),
    rule(
      "GPC-CPA-1",
      "S",
      "Changes only an appointment that this system returned, in the version that the user saw",
    ),
    rule("GPC-CPA-2", "S", "Changes only the status and the reason, which is not blank"),
    rule("GPC-CPA-3", "P", "Stores the reason", { note: BINDS_PRACTICE }),
    rule("GPC-CPA-4", "P", "Confirms the cancellation", { note: BINDS_PRACTICE }),
    rule("GPC-CPA-6", "P", "Releases the slots at once", { note: BINDS_PRACTICE }),
    rule("GPC-CPA-8", "P", "Refuses other changes, and past appointments", { note: BINDS_PRACTICE }),
  ],
};
