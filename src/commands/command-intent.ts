/**
 * A command that is stored before it is sent, and what became of it (design section 9). The journeys define what it
 * holds (`D`), its result (`X`) and how it can be refused (`R`).
 */
export interface Intent<D = unknown, X = unknown, R = unknown> {
  /** `book`, `cancel`, …: each kind has keys of its own. */
  readonly kind: string;
  /** Keyed hash of the content of the request: the same key must not be used for other content. */
  readonly content: string;
  readonly details: D;
  /** Each send so far, the current one included, in order. */
  readonly sends: readonly Send[];
  readonly state: IntentState<X, R>;
}

/** One request that left, or was about to leave when this was written. */
export interface Send {
  /** Milliseconds since the epoch, by our clock. */
  readonly at: number;
  /**
   * `open`: the practice may have carried it out, or may do so yet. `expired`: the practice refused it, or its effect
   * was absent when it could no longer appear.
   */
  readonly end: "open" | "expired";
}

/**
 * The state of an intent.
 *
 * - `sending`: a process works on it and may be sending; its lease ends at `until`.
 * - `unknown`: it was sent, no process works on it, and its outcome is not known.
 * - `done`: it was carried out.
 * - `refused`: it was not and will not be. The same request gets the same response.
 * - `absent`: it was not carried out, and may be sent again.
 *
 * Every other state may follow `sending` and `unknown`; only `sending` may follow `absent`. `done` and `refused` are
 * final, except that reconciliation may turn `refused` into `done` while a send is open.
 */
export type IntentState<X = unknown, R = unknown> =
  | { readonly name: "sending"; readonly until: number }
  | { readonly name: "unknown" /** Nothing more can be found out. */; readonly forGood?: boolean }
  | { readonly name: "done"; readonly result: X }
  | { readonly name: "refused"; readonly refusal: R }
  | { readonly name: "absent" };

/** An intent as read from the store, with what a change of it needs. */
export interface ClaimedIntent<I extends Intent = Intent> {
  readonly key: string;
  readonly revision: number;
  readonly intent: I;
}

/** The last send that may have been carried out, or may be yet. */
export function lastOpenSend({ sends }: Pick<Intent, "sends">): { index: number; at: number } | undefined {
  const index = sends.findLastIndex(({ end }) => end === "open");
  const send = sends[index];
  return send && { index, at: send.at };
}

/** How many sends may have been carried out, or may be yet. */
export function countOpenSends({ sends }: Pick<Intent, "sends">): number {
  return sends.filter(({ end }) => end === "open").length;
}

/** Whether the outcome still has to be reconciled. */
export function isOpen(intent: Intent): boolean {
  switch (intent.state.name) {
    case "sending":
      return true;
    case "unknown":
      return intent.state.forGood !== true;
    case "done":
    case "refused":
      return lastOpenSend(intent) !== undefined;
    case "absent":
      return false;
  }
}

/** The intent once no send can take effect any more. */
export function expireSends<I extends Intent>(intent: I): I {
  return { ...intent, sends: intent.sends.map((send) => ({ ...send, end: "expired" as const })) };
}

/** The intent once the last send can have no further effect. Earlier sends stay as they are. */
export function expireLastSend<I extends Intent>(intent: I): I {
  const last = intent.sends.length - 1;
  const sends = intent.sends.map((send, index) =>
    index === last ? { ...send, end: "expired" as const } : send,
  );
  return { ...intent, sends };
}
