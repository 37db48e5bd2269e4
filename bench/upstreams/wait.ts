/**
 * Does something once so long has passed since `began`, and never before: Node's timers may fire a millisecond or
 * two early, and an upstream that is faster than it says would flatter everybody.
 */
export function afterwards(began: number, ms: number, then: () => void): void {
  const left = ms - (performance.now() - began);
  if (left <= 0) then();
  else setTimeout(() => afterwards(began, ms, then), Math.ceil(left));
}
