import type { CommandHarness } from "./command-harness.js";

/** Lets everything go on that needs no time to pass. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

/** A promise that the test keeps. */
export function promised(): { readonly promise: Promise<void>; readonly keep: () => void } {
  let keep = () => {};
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}

/** Until a create has left. */
export async function untilSent(harness: CommandHarness): Promise<void> {
  while (harness.count("createAppointment") === 0) await new Promise(setImmediate);
}
