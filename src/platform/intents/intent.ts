/**
 * A command that has been written down before it is sent, and what has become of it (design section 9). What it is
 * about, `A`, what it brings about, `D`, and how it can be refused, `R`, are the journeys' own.
 */
export interface Intent<A = unknown, D = unknown, R = unknown> {
  readonly kind: IntentKind;
  /** Keyed hash of what was asked for: the same key must not ask for anything else. */
  readonly content: string;
  readonly asked: A;
  /** Each time that it was sent, the one under way included, in order. */
  readonly sends: readonly Send[];
  readonly state: IntentState<D, R>;
}

export type IntentKind = "book" | "cancel" | "amend";

/** One request that left, or was about to when this was written. */
export interface Send {
  /** Milliseconds since the epoch, by our clock. */
  readonly at: number;
  /**
   * `open`: it may have been carried out, or be yet. `spent`: it was refused, or what it could have brought about was
   * not there when it could not come any more.
   */
  readonly end: "open" | "spent";
}

/**
 * Where an intent stands.
 *
 * - `sending`: somebody is at work on it and may be sending; after `until` they are taken for dead.
 * - `unknown`: it was sent, nobody is at work, and whether it was carried out is not known.
 * - `done`: it was carried out.
 * - `refused`: it was not, and will not be: asked for again, the answer is the same.
 * - `absent`: it was not carried out, and may be sent again.
 *
 * From `sending` all others may follow; from `unknown` all others too, `sending` only after a look that found nothing;
 * from `absent` only `sending`. `done` and `refused` last, except that a look may turn `refused` into `done` while one
 * of its sends is open.
 */
export type IntentState<D = unknown, R = unknown> =
  | { readonly name: "sending"; readonly until: number }
  | { readonly name: "unknown" /** Nothing more can be found out. */; readonly forGood?: boolean }
  | { readonly name: "done"; readonly result: D }
  | { readonly name: "refused"; readonly answer: R }
  | { readonly name: "absent" };

/** An intent as it was read, with what is needed to change it. */
export interface Held<I extends Intent = Intent> {
  readonly key: string;
  readonly revision: number;
  readonly intent: I;
}

/** The last of the sends that may have been carried out, or may be yet. */
export function lastOpenSend({ sends }: Pick<Intent, "sends">): { index: number; at: number } | undefined {
  const index = sends.findLastIndex(({ end }) => end === "open");
  const send = sends[index];
  return send && { index, at: send.at };
}

/** Whether somebody must still look what became of it. */
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

/** The intent once nothing more can come of what was sent. */
export function spend<I extends Intent>(intent: I): I {
  return { ...intent, sends: intent.sends.map((send) => ({ ...send, end: "spent" as const })) };
}

/** The intent once the last send is known to have had no further effect; of earlier ones nothing is said. */
export function spendLast<I extends Intent>(intent: I): I {
  const last = intent.sends.length - 1;
  const sends = intent.sends.map((send, index) =>
    index === last ? { ...send, end: "spent" as const } : send,
  );
  return { ...intent, sends };
}
