import type { Fault, FaultRegistry } from "../http/faults.js";
import type { PracticeSnapshot } from "../practice/practice-snapshot.js";
import type { PracticeStates } from "../practice/practice-states.js";
import { isObject, type JsonObject } from "../shared/json.js";
import { parseFault, refuseControl, requireText } from "./control-requests.js";
import { SandboxClock } from "./sandbox-clock.js";

const FORMAT = "spine-sandbox-state-1";

/** The members of an exported state. */
export const STATE_MEMBERS = ["format", "seed", "clock", "faults", "practices"] as const;

/**
 * The exported state of a sandbox. Not part of it: the journal, access tokens, rate limits, and what SDS has cached or
 * moved.
 */
export interface SandboxState {
  readonly format: typeof FORMAT;
  readonly seed: string;
  /** The time, and whether it stands still. An importing sandbox whose clock is not its own leaves it. */
  readonly clock: { readonly now: string; readonly isFrozen: boolean };
  /** The active faults with their remaining uses. */
  readonly faults: readonly Fault[];
  /** The practices that have been used. */
  readonly practices: readonly PracticeSnapshot[];
}

interface StateSubject {
  readonly clock: { now(): number };
  readonly faults: FaultRegistry;
  readonly states: PracticeStates;
  readonly seed: { readonly current: string };
}

/** The state of a sandbox, for {@link importState}. */
export function exportState({ clock, faults, states, seed }: StateSubject): SandboxState {
  return {
    format: FORMAT,
    seed: seed.current,
    clock: {
      now: new Date(clock.now()).toISOString(),
      isFrozen: clock instanceof SandboxClock && clock.isFrozen,
    },
    faults: faults.list().map(({ id: _id, remaining, times: _times, ...fault }) => ({
      ...fault,
      ...(remaining === undefined ? {} : { times: remaining }),
    })),
    practices: states.snapshots(),
  };
}

/** Replaces the state. A state that is refused changes nothing. */
export function importState(subject: StateSubject, sent: JsonObject): void {
  if (sent.format !== FORMAT) refuseControl(400, `format must be ${FORMAT}`);
  if (sent.seed !== subject.seed.current)
    refuseControl(409, "The state has another seed. Set that seed first (PUT /__sandbox/seed)");
  const clock = isObject(sent.clock) ? sent.clock : refuseControl(400, "clock must be an object");
  const now = Date.parse(requireText("clock.now", clock.now));
  if (Number.isNaN(now)) refuseControl(400, "clock.now must be an ISO dateTime");
  const faults = objectsOf("faults", sent.faults).map(parseFault);
  try {
    subject.states.restore(objectsOf("practices", sent.practices));
  } catch (error) {
    if (error instanceof RangeError) refuseControl(400, error.message);
    throw error;
  }
  subject.faults.clear();
  for (const fault of faults) subject.faults.add(fault);
  if (!(subject.clock instanceof SandboxClock)) return;
  subject.clock.reset();
  subject.clock.set(now);
  if (clock.isFrozen === true) subject.clock.freeze();
}

function objectsOf(name: string, value: unknown): JsonObject[] {
  if (!Array.isArray(value) || !value.every(isObject))
    refuseControl(400, `${name} must be a list of objects`);
  return value;
}
