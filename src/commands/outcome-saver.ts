import { type ClaimedIntent, type Intent, isOpen } from "./command-intent.js";
import { type CommandOrigin, withoutSignIn } from "./command-origin.js";
import type { CommandStore } from "./command-store.js";

type StoredIntent = Intent<CommandOrigin>;

interface Unsaved {
  readonly claimed: ClaimedIntent<StoredIntent>;
  readonly outcome: StoredIntent;
  readonly isKeyFreed: boolean;
}

/** States that say what became of a command. */
const FINAL = new Set(["done", "refused"]);

/** Saves what became of commands, and keeps what the store did not take. */
export class OutcomeSaver {
  /** Without the store no command is claimed, so these are no more than were in flight when it failed. */
  readonly #unsaved = new Map<string, Unsaved>();

  /** @param onClosed the outcome of this key needs no more reconciliation. */
  constructor(
    private readonly store: CommandStore,
    private readonly onClosed: (key: string) => void,
  ) {}

  /**
   * Saves what became of a command. `done` is the truth whatever else was written meanwhile; any other state yields to
   * what another process wrote. A store that fails now loses nothing: it still says that the outcome is not known, and
   * the sweeper reconciles it. A final outcome is kept until it can be saved, see {@link saveUnsaved}.
   *
   * @param isKeyFreed whether the outcome frees the key. An intent that is gone then has its outcome from another process,
   *   which has closed its audit record as well.
   * @returns the intent as it is stored now; undefined when it is not.
   */
  async save<I extends StoredIntent>(
    claimed: ClaimedIntent<I>,
    outcome: I,
    isKeyFreed = false,
  ): Promise<ClaimedIntent<I> | undefined> {
    const intent = isOpen(outcome) ? outcome : withoutSignIn(outcome);
    try {
      const saved = await this.#write(claimed, intent, isKeyFreed);
      this.#unsaved.delete(claimed.key);
      return saved;
    } catch {
      if (FINAL.has(intent.state.name)) {
        this.#unsaved.set(claimed.key, { claimed, outcome: intent, isKeyFreed });
      }
      return undefined;
    }
  }

  /** Saves again what the store did not take. Nothing knows these outcomes better than this process. */
  async saveUnsaved(): Promise<void> {
    for (const { claimed, outcome, isKeyFreed } of [...this.#unsaved.values()]) {
      await this.save(claimed, outcome, isKeyFreed);
    }
  }

  async #write<I extends StoredIntent>(
    claimed: ClaimedIntent,
    intent: I,
    isKeyFreed: boolean,
  ): Promise<ClaimedIntent<I> | undefined> {
    let based: ClaimedIntent | undefined = claimed;
    for (let tries = 0; tries < 3 && based; tries += 1) {
      const written = await this.store.replace(
        based,
        based === claimed ? intent : onLatest(intent, based.intent),
      );
      if (written.kind === "claimed") return this.#noteClosed(written.claimed);
      if (intent.state.name !== "done") return undefined;
      based = await this.store.get(claimed.key);
      if (based?.intent.state.name === "done") return based as ClaimedIntent<I>;
    }
    if (based || intent.state.name !== "done" || isKeyFreed) return undefined;
    // The process that removed it has closed its audit record.
    const claim = await this.store.claim(claimed.key, { ...intent, attempt: undefined });
    return claim.kind === "claimed" ? claim.claimed : undefined;
  }

  #noteClosed<I extends Intent>(claimed: ClaimedIntent<I>): ClaimedIntent<I> {
    if (!isOpen(claimed.intent)) this.onClosed(claimed.key);
    return claimed;
  }
}

/**
 * An outcome for an intent that another request has changed meanwhile, perhaps by sending again: that send stays open until
 * its own bound is over, and its audit record is the one to close.
 */
function onLatest<I extends Intent>(outcome: I, { sends, attempt }: Intent): I {
  const known = outcome.sends.length;
  return { ...outcome, attempt, sends: [...outcome.sends, ...sends.slice(known)] };
}
