import type { Personas } from "../../web-ui/personas.js";
import type { Fault, ListedFault } from "./fault.js";
import type { JournalEntry, Rule } from "./journal-entry.js";

/** The time of the sandbox. */
export interface ClockState {
  /** ISO dateTime in UTC. */
  readonly now: string;
  /** ISO dateTime with the offset of London. */
  readonly london: string;
  readonly isFrozen: boolean;
}

/** Base URLs of the services. */
export interface Urls {
  readonly gateway: string;
  readonly pds: string;
  readonly pdsToken: string;
  readonly sds: string;
  readonly ldap: string;
  readonly ssp: string;
  readonly practices: string;
  readonly vm: string;
}

/** What the sandbox says about itself. */
export interface Description {
  readonly seed: string;
  readonly profile: string;
  readonly urls: Urls;
  readonly clock: ClockState;
}

/** Named sets of faults. */
export type Presets = Readonly<Record<string, readonly Fault[]>>;

async function send<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`/__sandbox${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const json = (await response.json()) as T & { readonly error?: string };
  if (!response.ok) throw new Error(json.error ?? `The sandbox returned status ${response.status}.`);
  return json;
}

/** The operations of the control API that the console uses. Each rejects with a sentence for the user. */
export const controlApi = {
  describe: () => send<Description>("GET", ""),
  reset: () => send<Description>("POST", "/reset"),
  personas: () => send<Personas>("GET", "/personas"),
  rules: () => send<readonly Rule[]>("GET", "/rules"),
  presets: () => send<Presets>("GET", "/presets"),
  setClock: (now: string) => send<ClockState>("PUT", "/clock", { now }),
  advanceClock: (ms: number) => send<ClockState>("POST", "/clock/advance", { ms }),
  freezeClock: () => send<ClockState>("POST", "/clock/freeze"),
  resumeClock: () => send<ClockState>("POST", "/clock/resume"),
  faults: () => send<readonly ListedFault[]>("GET", "/faults"),
  addFault: (fault: Fault) => send<ListedFault>("POST", "/faults", fault),
  removeFault: (id: string) => send<readonly ListedFault[]>("DELETE", `/faults/${id}`),
  clearFaults: () => send<readonly ListedFault[]>("DELETE", "/faults"),
  applyPreset: (name: string) => send<readonly ListedFault[]>("POST", `/presets/${name}`),
  journal: (after: number) => send<readonly JournalEntry[]>("GET", `/journal?after=${after}`),
  clearJournal: () => send<readonly JournalEntry[]>("DELETE", "/journal"),
} as const;
