import type { AuditOutcome } from "../platform/audit/index.js";
import type { ClaimedOf, CommandDefinition, CommandTypes, IntentOf } from "./command-definition.js";
import { expireSends } from "./command-intent.js";
import { persistAbsent, persistFound, persistRefused } from "./persist-outcome.js";

/**
 * What reconciling a command has shown: it was carried out; it was not and will not be; nothing certain yet; nothing, and
 * nothing more can be found out; or it was carried out twice, which people must put right.
 */
export type Reconciliation = "BOOKED" | "CHANGED" | "ABSENT" | "PENDING" | "LOST" | "DOUBLED";

const AUDIT_OUTCOMES: Record<Reconciliation, AuditOutcome> = {
  BOOKED: "SUCCEEDED",
  CHANGED: "SUCCEEDED",
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
  if (!commands.areSendsExpired(claimed)) return "PENDING";
  const double = (await definition.findDouble?.(claimed, state.result, context)) ?? { kind: "none" };
  if (double.kind === "unreadable") return "PENDING";
  const reconciliation = double.kind === "double" ? "DOUBLED" : definition.reconciledAs;
  auditReconciliation(definition, claimed, reconciliation, context);
  const { intent } = claimed;
  // The key replays what the caller was told before; `result` attributes the double to it as well.
  const known = double.kind === "double" ? { ...intent, state: { ...state, result: double.result } } : intent;
  return (await commands.save(claimed, expireSends(known))) ? reconciliation : "PENDING";
}

async function reconcileOpen<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  claimed: ClaimedOf<T>,
  context: T["context"],
): Promise<Reconciliation> {
  const { commands } = context;
  const { intent } = claimed;
  // Read first: what the practice shows must be later than the last moment at which anything can take effect.
  const isCertain = commands.areSendsExpired(claimed);
  const finding = await definition.lookUp(claimed, context);
  switch (finding.kind) {
    case "present":
      await persistFound(definition, claimed, finding.found, context);
      return definition.reconciledAs;
    case "excluded":
      await persistRefused(definition, claimed, finding.refusal, context);
      return "ABSENT";
    case "absent": {
      if (!isCertain) return leaveOpen(claimed, context);
      const isSaved =
        intent.state.name === "refused"
          ? await commands.save(claimed, expireSends(intent))
          : (await persistAbsent(claimed, context)) !== undefined;
      return isSaved ? "ABSENT" : "PENDING";
    }
    case "unreadable":
      return finding.forGood ? giveUp(claimed, context) : leaveOpen(claimed, context);
  }
}

/** The process that worked on it is dead. */
async function leaveOpen<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  { commands }: T["context"],
): Promise<Reconciliation> {
  const { intent } = claimed;
  if (intent.state.name === "sending")
    await commands.save(claimed, { ...intent, state: { name: "unknown" } });
  return "PENDING";
}

async function giveUp<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  { commands }: T["context"],
): Promise<Reconciliation> {
  const { intent } = claimed;
  const last: IntentOf<T> =
    intent.state.name === "refused"
      ? expireSends(intent)
      : { ...intent, state: { name: "unknown", forGood: true } };
  return (await commands.save(claimed, last)) ? "LOST" : "PENDING";
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
