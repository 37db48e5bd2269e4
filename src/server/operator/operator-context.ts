import type { AuditStore, AuditTrail } from "../../platform/audit/index.js";
import type { Config } from "../../platform/config/config.js";
import type { Store } from "../../platform/store/index.js";

/** What an operator's command works with. */
export interface OperatorContext {
  readonly config: Config;
  readonly store: Store;
  /** In the name of the operator: what they do is audited as well. */
  readonly trail: AuditTrail;
  readonly audit: AuditStore;
  readonly options: OperatorOptions;
  print(line: string): void;
}

export interface OperatorOptions {
  /** What follows the command and is no option: `patient 9000000009`. */
  readonly words: readonly string[];
  /** `--by "Ada Example"`, `--checkpoints file`; the last one given counts. */
  readonly named: Readonly<Record<string, string>>;
}

/** A command line that cannot be carried out; the message is for the operator. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}
