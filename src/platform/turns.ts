const waiting: (() => void)[] = [];

/**
 * Waits for a turn of the event loop of one's own. For work that keeps the processor busy, such as reading a long answer:
 * done at the moment the answer comes in, sixty of them at once would hold up the sixty requests whose turn has come.
 * So the network is looked after between any two, and what is ready to leave has left.
 */
export function ownTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}
