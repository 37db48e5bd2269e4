import { createServer } from "node:net";

/** Below the range from which the system gives ports to those that ask for any, as most suites do. */
const FIRST_PORT = 10_000;
const LAST_PORT = 19_999;
/** Suites run in processes of their own, whose first choices lie apart. */
const STRIDE = 53;

let next = FIRST_PORT + ((process.pid * STRIDE) % (LAST_PORT - FIRST_PORT));

/**
 * The first of so many free ports in a row, for a program that must be told its port. Nobody who asks the system for any
 * port can take it before the program does. Never gives a port twice to one process.
 */
export async function freePorts(count = 1): Promise<number> {
  for (;;) {
    const first = next + count > LAST_PORT ? FIRST_PORT : next;
    next = first + count;
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isFreePort(first + offset)));
    if (free.every(Boolean)) return first;
  }
}

function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
