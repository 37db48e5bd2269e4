import type { ClaimedIntent, Intent } from "../../commands/command-intent.js";
import type { CommandOrigin } from "../../commands/command-origin.js";
import { CommandStore } from "../../commands/command-store.js";
import { systemClock } from "../../platform/clock.js";
import { type OperatorContext, OperatorError } from "./operator-context.js";

const USAGE = `npm run bookings -- unsettled
npm run bookings -- resolve ID --outcome carried-out|not-carried-out --by NAME --note TEXT

unsettled     every command whose outcome is not known, and why.
resolve       records what the practice said by telephone. ID: as unsettled shows it.
  carried-out       the practice has the appointment as requested: the command is not looked up any more. Its key keeps
                    the response that the outcome is unknown; the appointment shows in the patient's appointments.
  not-carried-out   the practice does not have it, and nothing was sent for longer than LATE_COMMIT_BOUND_MS: the key is
                    free, and a request with it sends again.
--by          your full name. --note: who at the practice said so, and when.`;

/** So much of a key tells two commands apart. */
const ID_LENGTH = 12;

type OpenCommand = ClaimedIntent<Intent<CommandOrigin & CommandSubject>>;

/** What most commands hold of whom and where they are about. */
interface CommandSubject {
  readonly nhsNumber?: string;
  readonly odsCode?: string;
}

/** `npm run bookings`. */
export async function bookingsCommand(context: OperatorContext): Promise<number> {
  const [task, id, ...more] = context.options.words;
  const { keys, intents } = context.store;
  const commands = new CommandStore({ store: intents, keys, clock: systemClock, audit: context.audit });
  const open = (await commands.open()) as OpenCommand[];
  if (task === "unsettled" && id === undefined) return listUnsettled(open, context);
  if (task === "resolve" && id !== undefined && more.length === 0) {
    return resolve(findCommand(open, id), commands, context);
  }
  throw new OperatorError(USAGE);
}

async function listUnsettled(
  open: readonly OpenCommand[],
  { print, trail }: OperatorContext,
): Promise<number> {
  trail.record({ operation: "bookings unsettled", outcome: "SUCCEEDED" });
  await trail.commit();
  for (const { key, intent } of open) {
    const { handle, correlationId, nhsNumber, odsCode, caller } = intent.details;
    print(
      JSON.stringify({
        id: key.slice(0, ID_LENGTH),
        command: intent.kind,
        why: whyUnsettled(intent),
        odsCode,
        nhsNumber,
        sends: intent.sends.map(({ at, end }) => ({ at: new Date(at).toISOString(), end })),
        sentBy: caller.person.localId,
        organisation: caller.organisation.odsCode,
        handle,
        correlationId,
      }),
    );
  }
  print(`${open.length} not settled`);
  return 0;
}

function whyUnsettled({ state }: Intent): string {
  const facts = state as {
    readonly until?: number;
    readonly settlesAt?: number;
    readonly isMismatch?: boolean;
  };
  const at = (ms: number | undefined) => (ms === undefined ? "soon" : new Date(ms).toISOString());
  if (state.name === "sending")
    return `it is being sent, or its process ended: its lease ends at ${at(facts.until)}`;
  if (facts.isMismatch) return "the practice has something else than was requested: ask the practice";
  if (state.name === "unknown") {
    return `it was sent and its end is not known; the practice is read back, and absence can be stated at ${at(facts.settlesAt)}`;
  }
  return "its outcome is known, and an earlier send may still take effect";
}

function findCommand(open: readonly OpenCommand[], id: string): OpenCommand {
  const found = open.filter(({ key }) => id.length >= 6 && key.startsWith(id));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new OperatorError(
      "No single unsettled command has this id. Use an id of `npm run bookings -- unsettled`.",
    );
  }
  return only;
}

async function resolve(
  command: OpenCommand,
  commands: CommandStore,
  { options, trail, config, print }: OperatorContext,
): Promise<number> {
  const { outcome, by, note } = options.named;
  if (!by || !note || (outcome !== "carried-out" && outcome !== "not-carried-out"))
    throw new OperatorError(USAGE);
  const { intent } = command;
  if (intent.state.name === "sending" && intent.state.until > Date.now()) {
    throw new OperatorError("It is being sent at this moment. Wait until its lease has ended.");
  }
  const last = Math.max(...intent.sends.map(({ at }) => at));
  if (outcome === "not-carried-out" && Date.now() - last <= config.LATE_COMMIT_BOUND_MS) {
    throw new OperatorError(
      "It was sent only just now and may still take effect. Try again after LATE_COMMIT_BOUND_MS.",
    );
  }
  const { nhsNumber, odsCode } = intent.details;
  const entry = trail.toEntry({
    operation: `bookings resolve ${intent.kind} ${command.key.slice(0, ID_LENGTH)}`,
    nhsNumber,
    odsCode,
    reason: outcome === "carried-out" ? "CARRIED_OUT" : "NOT_CARRIED_OUT",
    outcome: "SUCCEEDED",
    diagnostics: `${by}: ${note}`,
  });
  const sends = intent.sends.map((send) => ({ ...send, end: "expired" as const }));
  const state =
    outcome === "carried-out"
      ? { ...unknownState(intent), name: "unknown" as const, forGood: true }
      : { name: "absent" as const };
  const { kind } = await commands.replace(command, { ...intent, sends, state } as Intent, undefined, [entry]);
  if (kind !== "claimed")
    throw new OperatorError("It changed in the meantime. Look at `npm run bookings -- unsettled` again.");
  print(`resolved: ${intent.kind} ${outcome}, by ${by}`);
  return 0;
}

function unknownState({ state }: Intent): object {
  return state.name === "unknown" ? state : { settlesAt: Date.now() };
}
