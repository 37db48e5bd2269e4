const waiting: (() => void)[] = [];
let isTaken = false;

/**
 * Waits for a turn of the event loop of one's own; the first to ask has the turn under way. For work that keeps the
 * processor busy, such as reading a long answer: done at the moment the answer comes in, sixty of them at once would
 * hold up the sixty requests whose turn has come. So the network is looked after between any two, and what is ready to
 * leave has left.
 */
export async function ownTurn(): Promise<void> {
  if (isTaken) return new Promise((resolve) => void waiting.push(resolve));
  isTaken = true;
  setImmediate(giveTurn);
}

function giveTurn(): void {
  const next = waiting.shift();
  if (next === undefined) {
    isTaken = false;
    return;
  }
  setImmediate(giveTurn);
  next();
}
