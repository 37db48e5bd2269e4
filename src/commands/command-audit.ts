import type { Caller } from "../domain/caller.js";
import type { AuditOutcome, AuditStore, AuditTrail } from "../platform/audit/index.js";
import type { AuditEntry } from "../platform/store/index.js";
import type { Intent } from "./command-intent.js";

/** What a command's audit record says, as far as the command's details hold it. */
interface CommandSubject {
  readonly caller?: Caller;
  readonly correlationId?: string;
  readonly nhsNumber?: string;
  readonly odsCode?: string;
}

interface AuditedChange<I extends Intent> {
  readonly intent: I;
  readonly entries: readonly AuditEntry[];
}

/** How a command ended, for its audit record; undefined while its outcome is not known and still looked for. */
function outcomeOf({
  state,
}: Intent): { readonly outcome: AuditOutcome; readonly reason?: string } | undefined {
  switch (state.name) {
    case "done":
      return { outcome: "SUCCEEDED" };
    case "refused":
      return { outcome: "REFUSED" };
    case "absent":
      return { outcome: "FAILED", reason: "NOT_CARRIED_OUT" };
    case "unknown":
      return state.forGood === true ? { outcome: "UNKNOWN", reason: "NOTHING_MORE_TO_FIND" } : undefined;
    case "sending":
      return undefined;
  }
}

/**
 * The audit record of a command: opened in the transaction that stores its intent, closed in the one that stores its
 * outcome (design section 8). A command that is sent again opens another.
 */
export class CommandAudit {
  constructor(private readonly audit: Pick<AuditStore, "trailFor"> | undefined) {}

  /**
   * What a change of the intent means for its record.
   *
   * @param trail of the request that sends the command; without it no record is opened.
   * @returns the intent to store, and the entries to store with it.
   */
  change<I extends Intent>(intent: I, trail?: AuditTrail): AuditedChange<I> {
    if (intent.state.name !== "sending") return this.#close(intent);
    return trail === undefined ? { intent, entries: [] } : this.#open(intent, trail);
  }

  #open<I extends Intent>(intent: I, trail: AuditTrail): AuditedChange<I> {
    if (this.audit === undefined || intent.attempt !== undefined) return { intent, entries: [] };
    const { nhsNumber, odsCode } = intent.details as CommandSubject;
    const entry = trail.open({ operation: `command ${intent.kind}`, nhsNumber, odsCode });
    return { intent: { ...intent, attempt: entry.attempt }, entries: [entry] };
  }

  #close<I extends Intent>(intent: I): AuditedChange<I> {
    const end = outcomeOf(intent);
    const { attempt } = intent;
    const { caller, correlationId, nhsNumber, odsCode } = intent.details as CommandSubject;
    if (!this.audit || !end || attempt === undefined || caller === undefined) return { intent, entries: [] };
    const trail = this.audit.trailFor(caller, correlationId ?? "");
    const entry = trail.close(attempt, { operation: `command ${intent.kind}`, nhsNumber, odsCode, ...end });
    return { intent: { ...intent, attempt: undefined }, entries: [entry] };
  }
}
