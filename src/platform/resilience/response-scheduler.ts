const waiting: (() => void)[] = [];
let isTaken = false;

/**
 * Waits for a turn of the event loop of one's own. For work that keeps the processor busy, such as reading a long answer:
 * done at the moment the answer comes in, sixty of them at once would hold up the sixty requests whose turn has come.
 * So the network is looked after between any two, and what is ready to leave has left.
 *
 * @param orThisOne the turn under way will do, when nobody has had it yet.
 */
export async function yieldToEventLoop(orThisOne = false): Promise<void> {
  const isFree = !isTaken;
  if (isFree) {
    isTaken = true;
    setImmediate(giveTurn);
  }
  if (isFree && orThisOne) return;
  await new Promise<void>((resolve) => waiting.push(resolve));
}

function giveTurn(): void {
  const next = waiting.shift();
  isTaken = next !== undefined;
  if (next === undefined) return;
  setImmediate(giveTurn);
  next();
}
