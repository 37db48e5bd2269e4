import type { ClaimedOf, CommandDefinition, CommandTypes } from "./command-definition.js";
import { detachedFromRequest } from "./detached-from-request.js";
import {
  persistConfirmed,
  persistFound,
  persistRefusal,
  persistRefused,
  persistUnknown,
} from "./persist-outcome.js";

/** Each request sends at most this often, the second time only after a read-back showed the command absent. */
const MAX_SENDS = 2;

/**
 * Sends a claimed command and reconciles it (design section 9). Each send is stored before it leaves. After an unclear
 * end the practice is read back; the request's end stops nothing.
 *
 * @throws UpstreamError when the command was not carried out and will not be.
 */
export async function sendCommand<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  first: ClaimedOf<T>,
  ready: T["ready"],
  context: T["context"],
): Promise<T["outcome"]> {
  let claimed = first;
  let parts = ready;
  for (let sends = 1; ; sends += 1) {
    const end = await definition.send(parts, claimed, context);
    if (end.kind === "confirmed") return persistConfirmed(definition, claimed, end.found, context);
    if (end.kind === "refused") return persistRefusal(definition, claimed, end.error, context);
    if (end.kind === "unclear") context.commands.startBound(claimed);

    const finding = await readBack(definition, parts, claimed, { end: end.kind, sends }, context);
    switch (finding.kind) {
      case "present":
        return persistFound(definition, claimed, finding.found, context, end.kind === "conflict");
      case "excluded":
        await persistRefused(definition, claimed, finding.refusal, context);
        return finding.outcome;
      case "unreadable":
        return persistUnknown(definition, claimed, context);
      case "absent":
        if (end.kind === "conflict") return persistRefusal(definition, claimed, end.error, context);
    }
    if (sends === MAX_SENDS || context.call.signal.aborted) {
      return persistUnknown(definition, claimed, context);
    }
    const again = await claimNextSend<T>(claimed, context);
    if (again === undefined) return definition.toUnknown(claimed.intent.details);
    claimed = again;
    parts = finding.ready ?? parts;
  }
}

async function readBack<T extends CommandTypes>(
  definition: CommandDefinition<T>,
  ready: T["ready"],
  claimed: ClaimedOf<T>,
  sent: { readonly end: "conflict" | "unclear"; readonly sends: number },
  context: T["context"],
): ReturnType<CommandDefinition<T>["readBack"]> {
  try {
    return await definition.readBack(ready, claimed, sent, detachedFromRequest(context));
  } catch {
    // The failure was audited where it happened, and says nothing about the command.
    return { kind: "unreadable" };
  }
}

/** The read-back showed it absent. The second send is stored before it leaves, like the first. */
async function claimNextSend<T extends CommandTypes>(
  claimed: ClaimedOf<T>,
  { commands, clock }: T["context"],
): Promise<ClaimedOf<T> | undefined> {
  const { intent } = claimed;
  const sends = [...intent.sends, { at: clock.now(), end: "open" } as const];
  const state = { name: "sending", until: commands.leaseEnd() } as const;
  return commands.store.replace(claimed, { ...intent, sends, state }).catch(() => undefined);
}
