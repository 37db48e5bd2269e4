import type { Worker } from "node:cluster";

interface Closable {
  close(): void;
}

/**
 * Closes the connection that the primary was giving to a worker when that worker ended.
 *
 * The primary of `node:cluster` gives each worker one connection of a listening socket at a time, and keeps it until the
 * worker has confirmed it. It forgets the connection when the worker ends before that, and the client would wait for a
 * response until its own time-out. Closed, it is to the client what every other connection of the ended worker is.
 */
export function closeConnectionInHand(worker: Worker): void {
  // The latest of each listening socket. To close one again that was confirmed and closed does nothing.
  const inHand = new Map<unknown, Closable>();
  const { process } = worker;
  const send = process.send.bind(process) as (...args: unknown[]) => boolean;
  process.send = ((
    message: { act?: string; key?: unknown } | undefined,
    handle: unknown,
    ...rest: unknown[]
  ) => {
    if (message?.act === "newconn" && isClosable(handle)) inHand.set(message.key, handle);
    return send(message, handle, ...rest);
  }) as typeof process.send;
  worker.once("exit", () => {
    for (const handle of inHand.values()) handle.close();
  });
}

function isClosable(handle: unknown): handle is Closable {
  return typeof (handle as Partial<Closable> | undefined)?.close === "function";
}
