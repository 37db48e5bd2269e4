/** What one process lets another call: named functions with arguments and results that JSON can hold. */
export type Calls<T> = { readonly [Name in keyof T]: (...args: never[]) => unknown };

/** One end of a connection between two processes. */
export interface ProcessPort {
  /** Must not throw when the other process has gone. */
  send(message: unknown): void;
  onMessage(listen: (message: unknown) => void): void;
}

/** `[id, name, arguments]`; id 0: nobody waits for the result. */
type Request = readonly [id: number, name: string, args: readonly unknown[]];
/** `[id, whether it succeeded, the result or the error's message]`. */
type Response = readonly [id: number, ok: boolean, value?: unknown];

interface Batch {
  readonly requests: readonly Request[];
  readonly responses: readonly Response[];
}

/** Marks our messages among those of other users of the same connection. */
const MARK = "spine-graph";

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Calls functions of another process on this machine. Calls of one turn of the event loop travel in one message, because
 * a message costs far more than its content. Messages arrive in the order in which they were sent.
 */
export class IpcChannel<Remote extends Calls<Remote>, Local extends Calls<Local>> {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #requests: Request[] = [];
  #responses: Response[] = [];
  #isScheduled = false;
  #isClosed = false;

  /** @param local the functions that the other process may call. */
  constructor(
    private readonly port: ProcessPort,
    private readonly local: Local,
  ) {
    port.onMessage((message) => {
      if (isBatch(message)) this.#receive(message[MARK]);
    });
  }

  /** Rejects with the message of the remote error, and when the channel closes first. */
  call<Name extends keyof Remote & string>(
    name: Name,
    ...args: Parameters<Remote[Name]>
  ): Promise<Awaited<ReturnType<Remote[Name]>>> {
    if (this.#isClosed) return Promise.reject(new Error("the other process has gone"));
    this.#lastId += 1;
    const id = this.#lastId;
    this.#requests.push([id, name, args]);
    this.#schedule();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending["resolve"], reject });
    });
  }

  /** Calls without waiting for the end, of which nothing is heard. */
  notify<Name extends keyof Remote & string>(name: Name, ...args: Parameters<Remote[Name]>): void {
    if (this.#isClosed) return;
    this.#requests.push([0, name, args]);
    this.#schedule();
  }

  /** Rejects what is pending, and all later calls. */
  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#pending.values()) reject(new Error("the other process has gone"));
    this.#pending.clear();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const batch: Batch = { requests: this.#requests, responses: this.#responses };
    this.#isScheduled = false;
    this.#requests = [];
    this.#responses = [];
    if (!this.#isClosed) this.port.send({ [MARK]: batch });
  }

  #receive({ requests, responses }: Batch): void {
    for (const [id, ok, value] of responses) {
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (ok) pending?.resolve(value);
      else pending?.reject(new Error(String(value)));
    }
    for (const request of requests) void this.#run(request);
  }

  async #run([id, name, args]: Request): Promise<void> {
    let response: Response;
    try {
      if (!Object.hasOwn(this.local, name)) throw new Error(`there is no call ${name}`);
      // The other process is this same program, so the arguments have the types of the function.
      response = [id, true, await this.local[name as keyof Local](...(args as never[]))];
    } catch (error) {
      response = [id, false, error instanceof Error ? error.message : "failed"];
    }
    if (id === 0 || this.#isClosed) return;
    this.#responses.push(response);
    this.#schedule();
  }
}

function isBatch(message: unknown): message is { readonly [MARK]: Batch } {
  return typeof message === "object" && message !== null && MARK in message;
}
