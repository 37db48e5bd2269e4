import { type ChildProcess, fork } from "node:child_process";

/** What a child answers to, by name. */
export type Handlers = Readonly<Record<string, (argument: unknown) => unknown>>;

interface Ask {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Told {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: string;
}

/** A process of our own, asked things over its channel. */
export interface Child {
  call<T>(name: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a compiled file that calls {@link serveParent}, so that it uses another core than the server measured. */
export function startChild(file: string): Child {
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  child.on("message", (told: Told) => {
    const asker = waiting.get(told.id);
    waiting.delete(told.id);
    if (told.failure === undefined) asker?.resolve(told.value);
    else asker?.reject(new Error(told.failure));
  });
  child.once("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended`));
    waiting.clear();
  });
  return {
    call: <T>(name: string, argument?: unknown) =>
      new Promise<T>((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve: resolve as (value: unknown) => void, reject });
        child.send({ id: asked, name, argument } satisfies Ask);
      }),
    stop: () => end(child),
  };
}

/** Answers the parent, and ends with it. */
export function serveParent(handlers: Handlers): void {
  process.on("message", (ask: Ask) => {
    void answer(handlers, ask).then((told) => process.send?.(told));
  });
  process.once("disconnect", () => process.exit(0));
}

async function answer(handlers: Handlers, { id, name, argument }: Ask): Promise<Told> {
  try {
    return { id, value: await handlers[name]?.(argument) };
  } catch (error) {
    return { id, failure: String(error) };
  }
}

/** Waits for the end of a process that is told to go. */
export function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
