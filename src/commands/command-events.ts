/** What people must look at: it is logged as an error and counted. */
export type CommandAlert =
  /** The practice confirmed other slots, times or another patient than were requested. */
  | "WRITE_MISMATCH"
  /** One command was carried out twice. */
  | "CARRIED_OUT_TWICE"
  /** Nothing more can be found out about a command. */
  | "OUTCOME_LOST";

/** @param kind of the command: `book`, `cancel`, … */
export type AlertListener = (alert: CommandAlert, kind: string) => void;

/** @param outcome the kind of the outcome, or `error`. */
export type OutcomeListener = (kind: string, outcome: string) => void;

/** A command whose outcome is not known, or whose effect may still come. */
export interface UnsettledCommand {
  readonly kind: string;
  /** When it was first sent. */
  readonly since: number;
}
