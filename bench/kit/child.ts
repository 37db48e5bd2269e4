import { type ChildProcess, fork } from "node:child_process";

/** The functions that a parent may call, by name. */
export type Handlers = Readonly<Record<string, (argument: unknown) => unknown>>;

interface CallMessage {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface ResultMessage {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: string;
}

/** A child process whose functions are called over its IPC channel. */
export interface Child {
  call<T>(name: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a compiled file that calls {@link serveParent}, so that it does not use the core of the measured server. */
export function startChild(file: string): Child {
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  child.on("message", (result: ResultMessage) => {
    const caller = waiting.get(result.id);
    waiting.delete(result.id);
    if (result.failure === undefined) caller?.resolve(result.value);
    else caller?.reject(new Error(result.failure));
  });
  child.once("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended`));
    waiting.clear();
  });
  return {
    call: <T>(name: string, argument?: unknown) =>
      new Promise<T>((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve: resolve as (value: unknown) => void, reject });
        child.send({ id: lastId, name, argument } satisfies CallMessage);
      }),
    stop: () => end(child),
  };
}

/** Handles the calls of the parent process, and exits with it. */
export function serveParent(handlers: Handlers): void {
  process.on("message", (message: CallMessage) => {
    void handle(handlers, message).then((result) => process.send?.(result));
  });
  process.once("disconnect", () => process.exit(0));
}

async function handle(handlers: Handlers, { id, name, argument }: CallMessage): Promise<ResultMessage> {
  try {
    return { id, value: await handlers[name]?.(argument) };
  } catch (error) {
    return { id, failure: String(error) };
  }
}

/** Terminates a process and waits for its exit. */
export function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
