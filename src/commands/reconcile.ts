import type { AuditOutcome } from "../platform/audit/index.js";
import type { ClaimedOf, CommandDefinition, CommandTypes, IntentOf } from "./command-definition.js";
import { endSends } from "./command-intent.js";
import { persistAbsent, persistFinding, persistMismatch, persistUnknown } from "./persist-outcome.js";

/**
 * What reconciling a command has shown: it was carried out; it was not and will not be; nothing certain yet; nothing, and
 * nothing more can be found out; or it was carried out twice, which people must put right.
 */
export type Reconciliation = "BOOKED" | "CHANGED" | "REGISTERED" | "ABSENT" | "PENDING" | "LOST" | "DOUBLED";

const AUDIT_OUTCOMES: Record<Reconciliation, AuditOutcome> = {
  BOOKED: "SUCCEEDED",
  CHANGED: "SUCCEEDED",
  REGISTERED: "SUCCEEDED",
  ABSENT: "SUCCEEDED",
  PENDING: "UNKNOWN",
  LOST: "UNKNOWN",
  DOUBLED: "FAILED",
};

/**
 * Reconciles a command that no request waits for: finds out what became of it and saves that, audited as settlement, in
 * the name of the person who sent it. It never sends.
 */
export async function reconcile<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<Reconciliation> {
  const { state } = claimed.intent;
  if (state.name === "done") return reconcileDone(definition, claimed, state, context);
  const reconciliation = await reconcileOpen(definition, claimed, context);
  auditReconciliation(definition, claimed, reconciliation, context);
  return reconciliation;
}

/** It was carried out. Until no earlier send can take effect any more, it stays open. */
async function reconcileDone<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  state: Extract<IntentOf<T>["state"], { name: "done" }>,
  context: T["context"],
): Promise<Reconciliation> {
  const { commands } = context;
  if (commands.boundLeftMs(claimed) > 0) return "PENDING";
  const double = (await definition.findDouble?.(claimed, state.result, context)) ?? { kind: "none" };
  if (double.kind === "unreadable") return "PENDING";
  const reconciliation = double.kind === "double" ? "DOUBLED" : definition.reconciledAs;
  auditReconciliation(definition, claimed, reconciliation, context);
  const { intent } = claimed;
  // The key replays what the caller was told before; `result` attributes the double to it as well.
  if (double.kind === "double") commands.alert("CARRIED_OUT_TWICE", intent);
  const known = double.kind === "double" ? { ...intent, state: { ...state, result: double.result } } : intent;
  return (await commands.save(claimed, endSends(known))) ? reconciliation : "PENDING";
}

async function reconcileOpen<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  seen: ClaimedOf<T>,
  context: T["context"],
): Promise<Reconciliation> {
  const { commands } = context;
  const claimed = seen.intent.state.name === "sending" ? await takeOver(seen, context) : seen;
  // Measure first: what the practice shows must be later than the last moment at which anything can take effect.
  const isCertain = commands.boundLeftMs(claimed) === 0;
  const finding = await definition.lookUp(claimed, context);
  if (finding.kind === "mismatch") {
    const marked = await persistMismatch(claimed, context);
    return isCertain ? giveUp(marked, context) : "PENDING";
  }
  if (await persistFinding(definition, claimed, finding, context)) {
    return finding.kind === "present" ? definition.reconciledAs : "ABSENT";
  }
  if (finding.kind === "unreadable") return finding.forGood ? giveUp(claimed, context) : "PENDING";
  if (!isCertain) return "PENDING";
  const { state } = claimed.intent;
  if (state.name === "unknown" && state.isMismatch) return giveUp(claimed, context);
  return (await persistAbsent(claimed, context)) ? "ABSENT" : "PENDING";
}

/** The process that sent it is considered dead. */
function takeOver<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<ClaimedOf<T>> {
  context.commands.startBoundAfterLease(claimed);
  return persistUnknown(claimed, context);
}

async function giveUp<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<Reconciliation> {
  const { intent } = await persistUnknown(claimed, context, { forGood: true });
  context.commands.alert("OUTCOME_LOST", intent);
  return "LOST";
}

/** Into the audit trail, beside the records of the calls that were made for it. */
function auditReconciliation<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  { intent }: ClaimedOf<T>,
  reconciliation: Reconciliation,
  { call }: T["context"],
): void {
  call.audit.record({
    operation: "settlement",
    outcome: AUDIT_OUTCOMES[reconciliation],
    reason: reconciliation,
    ...definition.auditSubject(intent.details),
  });
}
