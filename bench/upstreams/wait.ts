interface Due {
  readonly at: number;
  readonly then: () => void;
}

/** What is still to be done, the soonest last. */
const waiting: Due[] = [];
let timer: NodeJS.Timeout | undefined;
let watch: NodeJS.Immediate | undefined;

/** Node's timers count whole milliseconds and fire up to two late: so long before the time, the clock is watched instead. */
const WATCHED_MS = 2;

/** Between two looks at the clock the process sleeps, so as not to take the processor from those it serves. */
const NAP_MS = 0.05;
const bed = new Int32Array(new SharedArrayBuffer(4));

/**
 * Does something once so long has passed since `began`, never before and hardly after: an upstream that is faster than
 * it says would flatter everybody, and one that is slower would be taken, hop by hop, for the server that waits for it.
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
