import DataLoader from "dataloader";
import type { OdsCode } from "../domain/ods-code.js";
import type { SlotSearchAnswer } from "../domain/slot.js";
import { holds, mergeWindows, type TimeWindow } from "../domain/slot-windows.js";
import type { KeyedLoader } from "./keyed-loader.js";

export interface SlotWindowKey extends TimeWindow {
  readonly odsCode: OdsCode;
}

/**
 * Gives a practice's answer that holds all its free slots wholly inside the window. The answer may be to a wider
 * question and hold others too: who asks for a range takes what lies inside it.
 */
export type SlotWindowLoader = Pick<KeyedLoader<SlotWindowKey, SlotSearchAnswer>, "load" | "clearAll">;

/** One call to a practice, under way or answered. */
interface Call {
  readonly window: TimeWindow;
  readonly answer: Promise<SlotSearchAnswer>;
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
  ask: (key: SlotWindowKey) => Promise<SlotSearchAnswer>,
): SlotWindowLoader {
  const calls = new Map<OdsCode, Call[]>();

  const askForMissing = (odsCode: OdsCode, windows: readonly TimeWindow[]) => {
    const made = calls.get(odsCode) ?? [];
    const missing = windows.filter((window) => !made.some((call) => holds(call.window, window)));
    const added = mergeWindows(missing).map(({ from, to }) => {
      const answer = ask({ odsCode, from, to });
      // A failure is heard by each who shares the call, some ticks from now.
      answer.catch(() => undefined);
      return { window: { from, to }, answer };
    });
    calls.set(odsCode, [...made, ...added]);
  };

  // DataLoader only gathers the wave, which begins once all fields of a level have asked. The calls are not
  // awaited in it: every window would wait for the slowest practice.
  const wave = new DataLoader<SlotWindowKey, Call>(
    async (keys) => {
      for (const [odsCode, windows] of byPractice(keys)) askForMissing(odsCode, windows);
      return keys.map(
        (key) =>
          calls.get(key.odsCode)?.find(({ window }) => holds(window, key)) ??
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

function byPractice(keys: readonly SlotWindowKey[]): Map<OdsCode, SlotWindowKey[]> {
  const groups = new Map<OdsCode, SlotWindowKey[]>();
  for (const key of keys) {
    const group = groups.get(key.odsCode);
    if (group) group.push(key);
    else groups.set(key.odsCode, [key]);
  }
  return groups;
}
