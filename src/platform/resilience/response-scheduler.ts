const waiting: (() => void)[] = [];
let isTurnTaken = false;

/**
 * Waits for a turn of the event loop in which no other caller of this function runs. Call it before work that keeps the
 * processor busy, such as reading a long response. Otherwise sixty responses that arrive together would delay the sixty
 * requests that can be sent now: between two turns, the event loop serves the network.
 *
 * @param mayRunNow whether the current turn will do, if no other caller has it.
 */
export async function yieldToEventLoop(mayRunNow = false): Promise<void> {
  const isFree = !isTurnTaken;
  if (isFree) {
    isTurnTaken = true;
    setImmediate(runNext);
  }
  if (isFree && mayRunNow) return;
  await new Promise<void>((resolve) => waiting.push(resolve));
}

function runNext(): void {
  const next = waiting.shift();
  isTurnTaken = next !== undefined;
  if (next === undefined) return;
  setImmediate(runNext);
  next();
}
