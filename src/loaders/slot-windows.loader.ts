import DataLoader from "dataloader";
import type { OdsCode } from "../domain/ods-code.js";
import type { SlotSearchResponse } from "../domain/slot.js";
import { holds, mergeWindows, type TimeWindow } from "../domain/slot-windows.js";
import type { KeyedLoader } from "./keyed-loader.js";

export interface SlotWindowKey extends TimeWindow {
  readonly odsCode: OdsCode;
  /** Only slots of this service: another question, which shares no call with those for all slots. */
  readonly serviceId?: string | undefined;
}

/**
 * Gives a practice's answer that holds all its free slots wholly inside the window. The answer may be to a wider
 * question and hold others too: who asks for a range takes what lies inside it.
 */
export type SlotWindowLoader = Pick<KeyedLoader<SlotWindowKey, SlotSearchResponse>, "load" | "clearAll">;

/** One call to a practice, under way or answered. */
interface Call {
  readonly window: TimeWindow;
  readonly answer: Promise<SlotSearchResponse>;
}

/**
 * A loader in which aliases and paths of one operation share calls: the windows asked for in one wave are merged
 * where that saves a call, and a window inside one that has been asked for already costs none.
 *
 * A call that fails has failed for all that share it. Nothing outlives the request.
 *
 * @param ask makes one call.
 */
export function createSlotWindowLoader(
  ask: (key: SlotWindowKey) => Promise<SlotSearchResponse>,
): SlotWindowLoader {
  const calls = new Map<string, Call[]>();

  const askForMissing = (keys: Group) => {
    const { odsCode, serviceId } = keys[0];
    const made = calls.get(questionOf(keys[0])) ?? [];
    const missing = keys.filter((window) => !made.some((call) => holds(call.window, window)));
    const added = mergeWindows(missing).map(({ from, to }) => {
      const answer = ask({ odsCode, ...(serviceId !== undefined && { serviceId }), from, to });
      // A failure is heard by each who shares the call, some ticks from now.
      answer.catch(() => undefined);
      return { window: { from, to }, answer };
    });
    calls.set(questionOf(keys[0]), [...made, ...added]);
  };

  // DataLoader only gathers the wave, which begins once all fields of a level have asked. The calls are not
  // awaited in it: every window would wait for the slowest practice.
  const wave = new DataLoader<SlotWindowKey, Call>(
    async (keys) => {
      for (const group of byQuestion(keys)) askForMissing(group);
      return keys.map(
        (key) =>
          calls.get(questionOf(key))?.find(({ window }) => holds(window, key)) ??
          new Error("a window was left out of its wave"),
      );
    },
    { cache: false },
  );

  return {
    load: async (key) => (await wave.load(key)).answer,
    clearAll: () => calls.clear(),
  };
}

type Group = [SlotWindowKey, ...SlotWindowKey[]];

/** All of a key but its window: whom is asked, and for what. */
function questionOf({ odsCode, serviceId }: SlotWindowKey): string {
  return serviceId === undefined ? odsCode : `${odsCode} ${serviceId}`;
}

function byQuestion(keys: readonly SlotWindowKey[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const key of keys) {
    const group = groups.get(questionOf(key));
    if (group) group.push(key);
    else groups.set(questionOf(key), [key]);
  }
  return groups.values();
}
