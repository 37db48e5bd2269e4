interface Due {
  readonly at: number;
  readonly then: () => void;
}

/** Pending actions, the earliest last. */
const waiting: Due[] = [];
let timer: NodeJS.Timeout | undefined;
let watch: NodeJS.Immediate | undefined;

/** Node's timers have whole milliseconds and fire up to two late. In this last interval the clock is polled. */
const WATCHED_MS = 2;

/** The process sleeps between two polls, so that it does not take the processor from the server. */
const NAP_MS = 0.05;
const bed = new Int32Array(new SharedArrayBuffer(4));

/**
 * Runs an action when the time since `began` has passed: never earlier, and hardly later. A faster upstream would
 * flatter every result, and the delay of a slower one would be attributed to the server, once for each call.
 */
export function afterwards(began: number, ms: number, then: () => void): void {
  const due = { at: began + ms, then };
  if (due.at <= performance.now()) {
    then();
    return;
  }
  const place = waiting.findLastIndex(({ at }) => at > due.at) + 1;
  waiting.splice(place, 0, due);
  if (place === waiting.length - 1) waitForNext();
}

function doWhatIsDue(): void {
  for (let next = waiting.at(-1); next && next.at <= performance.now(); next = waiting.at(-1)) {
    waiting.pop();
    next.then();
  }
  waitForNext();
}

function waitForNext(): void {
  clearTimeout(timer);
  const next = waiting.at(-1);
  if (next === undefined || watch !== undefined) return;
  const left = next.at - performance.now();
  if (left > WATCHED_MS) timer = setTimeout(waitForNext, left - WATCHED_MS);
  else watch = setImmediate(napAndLook);
}

function napAndLook(): void {
  watch = undefined;
  const left = (waiting.at(-1)?.at ?? 0) - performance.now();
  if (left > 0) Atomics.wait(bed, 0, 0, Math.min(left, NAP_MS));
  doWhatIsDue();
}
