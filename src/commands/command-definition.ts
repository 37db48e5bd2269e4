import type { AuditEvent } from "../platform/audit/index.js";
import type { UpstreamError } from "../platform/errors.js";
import type { CommandContext } from "./command-context.js";
import type { ClaimedIntent, Intent } from "./command-intent.js";
import type { CommandOrigin } from "./command-origin.js";
import type { StoredError } from "./stored-error.js";

/** The types of one command. */
export interface CommandTypes {
  readonly context: CommandContext;
  /** Everything that the send needs, once the gates are open. */
  readonly ready: { readonly kind: "ready" };
  /** What is stored: enough to find out, later and in another process, what became of the command. */
  readonly details: CommandOrigin;
  /** What the practice shows once the command has been carried out. */
  readonly found: unknown;
  /** What is stored of a command that was carried out. */
  readonly result: unknown;
  /** What is stored of a command that was refused. The same request gets the same response. */
  readonly refusal: { readonly kind: string };
  /** What the caller is told. */
  readonly outcome: { readonly kind: string };
}

export type IntentOf<T extends CommandTypes> = Intent<T["details"], T["result"], T["refusal"] | StoredError>;
export type ClaimedOf<T extends CommandTypes> = ClaimedIntent<IntentOf<T>>;

/** How one send ended. */
export type SendEnd<F> =
  /** The practice says that it did what was requested. */
  | { readonly kind: "confirmed"; readonly found: F }
  /** The practice says that something is in the way. It may be an earlier send of this command. */
  | { readonly kind: "conflict"; readonly error: UpstreamError }
  | { readonly kind: "refused"; readonly error: UpstreamError }
  /** It provably never reached the practice. */
  | { readonly kind: "unsent"; readonly error: UpstreamError }
  /** The practice may have carried it out, or may do so yet. */
  | { readonly kind: "unclear"; readonly error?: UpstreamError | undefined }
  /** The practice responded, and its response says that the command was not carried out. */
  | { readonly kind: "not-done" }
  /** The practice confirms something else than was requested. */
  | { readonly kind: "mismatch" };

/** What a read-back shows. */
export type Finding<T extends CommandTypes> =
  /** It was carried out. */
  | { readonly kind: "present"; readonly found: T["found"] }
  /** It was not, and cannot be any more: something else is in its place. */
  | { readonly kind: "excluded"; readonly refusal: T["refusal"]; readonly outcome: T["outcome"] }
  /** Something else than was requested was carried out, which people must put right. */
  | { readonly kind: "mismatch" }
  /** It is not there; a late commit may still come. */
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable" /** It never can be read any more. */; readonly forGood?: boolean };

/** A second effect of one command, which people must put right. */
export type DoubleFinding<T extends CommandTypes> =
  | { readonly kind: "none" | "unreadable" }
  /** `result`: known from now on to be this command's work too. */
  | { readonly kind: "double"; readonly result: T["result"] };

/** What a command supplies to the engine, which knows nothing of appointments or patients. */
export interface CommandDefinition<T extends CommandTypes> {
  readonly kind: string;
  /** What reconciliation writes to the audit trail once the command is known to have been carried out. */
  readonly reconciledAs: "BOOKED" | "CHANGED" | "REGISTERED";
  /** Whether a final outcome frees the key instead of binding it: a later request is a new command. */
  readonly isKeyFreedByOutcome?: boolean;
  /** @param previous the details of an earlier request under the key. */
  toDetails(ready: T["ready"], origin: CommandOrigin, previous: T["details"] | undefined): T["details"];
  /** What no other command may send for while a send of this one may take effect. */
  toResources(details: T["details"]): readonly string[];
  /**
   * What a send needs after one that never reached the practice.
   *
   * @param error why it did not.
   * @returns undefined when another send would end in the same way.
   */
  prepareResend(
    ready: T["ready"],
    error: UpstreamError,
    context: T["context"],
  ): Promise<T["ready"] | undefined>;
  /** Sends once. Reports what went wrong and never throws: the failure may have come after the request had left. */
  send(ready: T["ready"], claimed: ClaimedOf<T>, context: T["context"]): Promise<SendEnd<T["found"]>>;
  /** Reads back right after a send, with what was fetched before it. May throw: then it is unreadable. */
  readBack(
    ready: T["ready"],
    claimed: ClaimedOf<T>,
    end: SendEnd<T["found"]>["kind"],
    context: T["context"],
  ): Promise<Finding<T>>;
  /** Reads back later, with a trace and a look-up of its own. Never sends, never throws. */
  lookUp(claimed: ClaimedOf<T>, context: T["context"]): Promise<Finding<T>>;
  /** Looks for a second effect of a command that was carried out, once no send can take effect any more. */
  findDouble?(claimed: ClaimedOf<T>, result: T["result"], context: T["context"]): Promise<DoubleFinding<T>>;
  /** What is stored once the command has been carried out. */
  toResult(
    found: T["found"],
    isRecovered: boolean,
    claimed: ClaimedOf<T>,
    context: T["context"],
  ): T["result"];
  /** Whether what was found proves that the open send can have no further effect. */
  isSendSpentBy(found: T["found"]): boolean;
  /** What the caller is told of a command that was just carried out. */
  toOutcome(claimed: ClaimedOf<T>, result: T["result"], context: T["context"]): T["outcome"];
  /** A definite refusal that is an outcome; undefined when it stays an error. */
  toRefusal(
    error: UpstreamError,
    ready: T["ready"],
    context: T["context"],
  ): Promise<(T["refusal"] & T["outcome"]) | undefined>;
  /** Another command may still take effect on one of the resources. Binds no key: nothing was sent. */
  toResourceConflict(ready: T["ready"], context: T["context"]): T["outcome"];
  /** What a later request under the key is told of a command that was carried out: the state is read again. */
  replayDone(claimed: ClaimedOf<T>, result: T["result"], context: T["context"]): Promise<T["outcome"]>;
  replayRefused(claimed: ClaimedOf<T>, refusal: T["refusal"], context: T["context"]): Promise<T["outcome"]>;
  /** What is told while the outcome is not known. */
  toUnknown(handle: string, settlesAt: number): T["outcome"];
  /** Whom and what the audit trail names. */
  auditSubject(details: T["details"]): Pick<AuditEvent, "nhsNumber" | "odsCode">;
}
