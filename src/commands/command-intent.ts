/**
 * A command that is stored before it is sent, and what became of it (design section 9). The journeys define what it
 * holds (`D`), its result (`X`) and how it can be refused (`R`).
 */
export interface Intent<D = unknown, X = unknown, R = unknown> {
  /** `book`, `cancel`, …: each kind has keys of its own. */
  readonly kind: string;
  /** Keyed hash of the content of the request: the same key must not be used for other content. */
  readonly content: string;
  /** What no other command may send for while a send of this one may take effect: slots of a practice. */
  readonly resources: readonly string[];
  readonly details: D;
  /** The command's audit record that is open, if one is. */
  readonly attempt?: string | undefined;
  /** Each send so far, the current one included, in order. At most one of them is open. */
  readonly sends: readonly Send[];
  readonly state: IntentState<X, R>;
}

/** One request that left, or was about to leave when this was written. */
export interface Send {
  /** Milliseconds since the epoch, by our clock. */
  readonly at: number;
  /**
   * `open`: the practice may have carried it out, or may do so yet. `expired`: the practice refused it, or its effect
   * was absent when it could no longer appear. `unsent`: it provably never reached the practice.
   */
  readonly end: "open" | "expired" | "unsent";
}

/**
 * The state of an intent.
 *
 * - `sending`: a process works on it and may be sending; its lease ends at `until`.
 * - `unknown`: its last send has ended, and its outcome is not known.
 * - `done`: it was carried out.
 * - `refused`: it was not and will not be. The same request gets the same response.
 * - `absent`: it was not carried out, no send can take effect any more, and it may be sent again.
 *
 * Every other state may follow `sending` and `unknown`; only `sending` may follow `absent`. `done` and `refused` are
 * final.
 */
export type IntentState<X = unknown, R = unknown> =
  | { readonly name: "sending"; readonly until: number }
  | UnknownState
  | { readonly name: "done"; readonly result: X }
  | { readonly name: "refused"; readonly refusal: R }
  | { readonly name: "absent" };

export interface UnknownState {
  readonly name: "unknown";
  /** When absence can be stated at the earliest, milliseconds since the epoch. */
  readonly settlesAt: number;
  /** The practice confirmed something else than was requested: absence is never stated, and people must look. */
  readonly isMismatch?: boolean | undefined;
  /** Nothing more can be found out. */
  readonly forGood?: boolean | undefined;
}

/** An intent as read from the store, with what a change of it needs. */
export interface ClaimedIntent<I extends Intent = Intent> {
  readonly key: string;
  readonly revision: number;
  readonly intent: I;
}

/** The send that may have been carried out, or may be yet. */
export function lastOpenSend({ sends }: Pick<Intent, "sends">): { index: number; at: number } | undefined {
  const index = sends.findLastIndex(({ end }) => end === "open");
  const send = sends[index];
  return send && { index, at: send.at };
}

/** How often the command left, as far as this can be ruled out for none of the sends. */
export function countSends({ sends }: Pick<Intent, "sends">): number {
  return sends.filter(({ end }) => end !== "unsent").length;
}

/** Whether the outcome still has to be reconciled. */
export function isOpen(intent: Intent): boolean {
  switch (intent.state.name) {
    case "sending":
      return true;
    case "unknown":
      return intent.state.forGood !== true;
    case "done":
      return lastOpenSend(intent) !== undefined;
    case "refused":
    case "absent":
      return false;
  }
}

/**
 * The resources that the intent claims: its own, while a send is outstanding or about to leave. That can be so after the
 * outcome is known, when a read-back found what another intent had made.
 */
export function claimedResources(intent: Intent): readonly string[] {
  return isOpen(intent) ? intent.resources : [];
}

/** The intent once its open send has ended this way. */
export function endSends<I extends Intent>(intent: I, end: "expired" | "unsent" = "expired"): I {
  return {
    ...intent,
    sends: intent.sends.map((send) => (send.end === "open" ? { ...send, end } : send)),
  };
}
