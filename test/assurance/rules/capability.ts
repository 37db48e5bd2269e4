import { type RuleSection, rule } from "../rule.js";

const SANDBOX = "binds the practice; the sandbox enforces it";

/** Functional requirements of appointment management. */
export const CAPABILITY: RuleSection = {
  title: "Functional requirements",
  rules: [
    rule("GPC-CC-1", "S", "Traced valid number, agreement, audit: before every interaction"),
    rule("GPC-SFS", "S, P", "Free, bookable slots that match what was asked"),
    rule("GPC-SFS-1", "S", "Bookable slots are asked for: one request for a practice and a window"),
    rule("GPC-SFS-1.1", "S", "Slots are asked for by the practice's ODS code"),
    rule("GPC-SFS-1.3", "S", "Slots are asked for by dates, two weeks at most, both ends sent"),
    rule(
      "GPC-SFS-1.4",
      "S",
      "The organisation type is one of the value set; a booking repeats what the search sent",
    ),
    rule("GPC-SFS-1.5", "S", "Urgent-care disposition as a filter", {
      notUsed: "optional, and practices ignore it: no such filter is offered, so none is promised",
    }),
    rule("GPC-SFS-1.6", "S", "Urgent-care service as a filter"),
    rule("GPC-SFS-2", "P", "Range, restrictions and embargo are applied; unknown filters ignored", {
      note: SANDBOX,
    }),
    rule("GPC-BPA", "S, P", "Find, register if absent, book: all adjacent slots or none"),
    rule("GPC-BPA-1", "S", "Several adjacent slots can be chosen"),
    rule("GPC-BPA-2", "S", "The patient is looked for at the practice of the slot"),
    rule("GPC-BPA-3", "P", "Only active patients are found", { note: SANDBOX }),
    rule(
      "GPC-BPA-4",
      "S",
      "Not found: registered with number, birth date, official name, temporary contacts",
    ),
    rule("GPC-BPA-5", "P", "A temporary registration is made or renewed", { note: SANDBOX }),
    rule(
      "GPC-BPA-6",
      "S",
      "Description up to 100 characters, comment up to 500, no reason; refused, never cut",
    ),
    rule("GPC-BPA-7", "P", "All slots are still free, or the booking is refused", { note: SANDBOX }),
    rule("GPC-BPA-8", "P", "A booking is answered with 201", { note: SANDBOX }),
    rule("GPC-BPA-9", "P", "A refusal is answered with an OperationOutcome", { note: SANDBOX }),
    rule("GPC-RPAS", "S, P", "Appointments from today on; earlier ones are refused with the reason"),
    rule("GPC-RPAS-1", "S", "Asked for by dates, today or later, with an end, without times"),
    rule("GPC-RPAS-2", "P", "Past dates and times are refused", { note: SANDBOX }),
    rule("GPC-RPA", "S, P", "One appointment is read by its id"),
    rule("GPC-APA", "S, P", "Only description and comment can be amended"),
    rule("GPC-APA-1", "S", "The appointment is one that we gave out, in the version that the user saw"),
    rule("GPC-APA-2", "S", "All else is sent back as received"),
    rule("GPC-APA-3", "S", "A stale version is told, with the state now"),
    rule("GPC-APA-4", "P", "The amendment is applied", { note: SANDBOX }),
    rule("GPC-APA-5", "P", "The amendment is confirmed", { note: SANDBOX }),
    rule("GPC-APA-6", "P", "Other changes are refused", { note: SANDBOX }),
    rule("GPC-CPA", "S, P", "Only what is later than now can be cancelled"),
    rule("GPC-CPA-1", "S", "The appointment is one that we gave out, in the version that the user saw"),
    rule("GPC-CPA-2", "S", "Only status and reason change, and the reason is not blank"),
    rule("GPC-CPA-3", "P", "The reason is stored", { note: SANDBOX }),
    rule("GPC-CPA-4", "P", "The cancellation is confirmed", { note: SANDBOX }),
    rule("GPC-CPA-6", "P", "The slots are free again at once", { note: SANDBOX }),
    rule("GPC-CPA-8", "P", "Other changes, and past appointments, are refused", { note: SANDBOX }),
  ],
};
