/** What a reader of a list must know when entries of the practice's response were left out of it. Empty for none. */
export function unusableEntriesWarnings(count: number): string[] {
  if (count === 0) return [];
  return [
    count === 1
      ? "1 entry of the practice's response could not be used and was left out."
      : `${count} entries of the practice's response could not be used and were left out.`,
  ];
}
