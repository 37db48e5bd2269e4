import type { Fault, ListedFault } from "../http/faults.js";
import type { PERSONAS } from "../personas/personas.js";
import type { SandboxUrls } from "../sandbox-options.js";
import type { JournalEntry } from "./journal/journal-entry.js";
import type { RequestRule } from "./journal/rule.js";
import type { ReplayedRequest } from "./replay.js";
import type { SandboxState } from "./sandbox-state.js";

/** The time of a sandbox. */
export interface SandboxTime {
  /** ISO dateTime in UTC. */
  readonly now: string;
  /** ISO dateTime with the offset of London. */
  readonly london: string;
  readonly isFrozen: boolean;
}

/** What a sandbox says about itself. */
export interface SandboxDescription {
  readonly seed: string;
  readonly profile: string;
  readonly urls: SandboxUrls;
  readonly clock: SandboxTime;
  /** `GET /__sandbox/journal` and so on. */
  readonly operations: readonly string[];
}

/** Which entries of the journal are wanted. Several members must all match. */
export interface JournalFilter {
  /** Only entries after the one with this id. */
  readonly after?: number;
  readonly service?: JournalEntry["service"];
  readonly odsCode?: string;
  /** A part of the interaction. */
  readonly interaction?: string;
  readonly minStatus?: number;
  /** The id of a rule that the request broke, or `any`. */
  readonly broken?: string;
}

/** The control API refused a request. */
export class SandboxControlError extends Error {
  override readonly name = "SandboxControlError";

  /** @param status the HTTP status: 400 bad input, 404 unknown, 501 not possible in this sandbox */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A typed client of the control API of a running sandbox, in this or another process. Every method rejects with a
 * `SandboxControlError` when the sandbox refuses, and with the error of `fetch` when it cannot be reached.
 */
export class SandboxControl {
  readonly #base: string;

  /** @param gateway the URL of the gateway: `sandbox.urls.gateway`, or `http://127.0.0.1:8400` of the command */
  constructor(gateway: string) {
    this.#base = `${gateway}/__sandbox`;
  }

  describe(): Promise<SandboxDescription> {
    return this.#send("GET", "");
  }

  openapi(): Promise<{ readonly paths: Readonly<Record<string, object>> }> {
    return this.#send("GET", "/openapi.json");
  }

  personas(): Promise<typeof PERSONAS> {
    return this.#send("GET", "/personas");
  }

  /** A valid audit token for practices. */
  auditToken(scope: string): Promise<string> {
    return this.#sendForText(`/audit-token?${new URLSearchParams({ scope })}`);
  }

  /** A valid token for Visitors & Migrants about one patient. */
  vmToken(nhsNumber: string): Promise<string> {
    return this.#sendForText(`/vm-token?${new URLSearchParams({ nhsNumber })}`);
  }

  /** Discards all changes: appointments, registrations, tokens, faults, journal and clock. */
  reset(): Promise<SandboxDescription> {
    return this.#send("POST", "/reset");
  }

  clock(): Promise<SandboxTime> {
    return this.#send("GET", "/clock");
  }

  /** @param now ISO dateTime with its offset */
  setClock(now: string): Promise<SandboxTime> {
    return this.#send("PUT", "/clock", { now });
  }

  /** Moves the clock by milliseconds, back for negative ones. */
  advanceClock(ms: number): Promise<SandboxTime> {
    return this.#send("POST", "/clock/advance", { ms });
  }

  freezeClock(): Promise<SandboxTime> {
    return this.#send("POST", "/clock/freeze");
  }

  resumeClock(): Promise<SandboxTime> {
    return this.#send("POST", "/clock/resume");
  }

  faults(): Promise<readonly ListedFault[]> {
    return this.#send("GET", "/faults");
  }

  addFault(fault: Fault): Promise<ListedFault> {
    return this.#send("POST", "/faults", fault);
  }

  removeFault(id: string): Promise<readonly ListedFault[]> {
    return this.#send("DELETE", `/faults/${encodeURIComponent(id)}`);
  }

  clearFaults(): Promise<readonly ListedFault[]> {
    return this.#send("DELETE", "/faults");
  }

  presets(): Promise<Readonly<Record<string, readonly Fault[]>>> {
    return this.#send("GET", "/presets");
  }

  /** Adds the faults of a preset to the active ones, and returns them all. */
  applyPreset(name: string): Promise<readonly ListedFault[]> {
    return this.#send("POST", `/presets/${encodeURIComponent(name)}`);
  }

  /** The latest 1,000 matching requests, oldest first. */
  journal(filter: JournalFilter = {}): Promise<readonly JournalEntry[]> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
    return this.#send("GET", `/journal?${query}`);
  }

  clearJournal(): Promise<readonly JournalEntry[]> {
    return this.#send("DELETE", "/journal");
  }

  /**
   * Processes recorded requests again, one after another, each at the sandbox time of its arrival and without faults. The
   * clock stands afterwards. Reset or import the starting state first.
   */
  replay(requests: readonly JournalEntry[]): Promise<readonly ReplayedRequest[]> {
    return this.#send("POST", "/replay", { requests });
  }

  exportState(): Promise<SandboxState> {
    return this.#send("GET", "/state");
  }

  /** Replaces the state by an exported one of the same seed. A state that is refused changes nothing. */
  importState(state: SandboxState): Promise<SandboxDescription> {
    return this.#send("PUT", "/state", state);
  }

  /** Generates the data from another seed and discards all changes. */
  setSeed(seed: string): Promise<SandboxDescription> {
    return this.#send("PUT", "/seed", { seed });
  }

  /** The rules that the journal names. */
  rules(): Promise<readonly RequestRule[]> {
    return this.#send("GET", "/rules");
  }

  async #send<T>(method: string, path: string, body?: object): Promise<T> {
    return (await this.#fetch(method, path, body)).json() as Promise<T>;
  }

  async #sendForText(path: string): Promise<string> {
    return (await this.#fetch("GET", path)).text();
  }

  async #fetch(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    if (response.ok) return response;
    const text = await response.text();
    throw new SandboxControlError(
      response.status,
      errorIn(text) ?? `The sandbox sent status ${response.status}`,
    );
  }
}

function errorIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly error?: string }).error;
  } catch {
    return undefined;
  }
}
