import { connect, type Socket } from "node:net";

/** What became of a request. */
export interface Outcome {
  /** Undefined when there was no response. */
  readonly status: number | undefined;
  /** What kind of failure it was, such as `503 RATE_LIMITED OVERLOADED` or `no response: ECONNRESET`. */
  readonly failure: string | undefined;
}

export type OnOutcome = (outcome: Outcome) => void;

const HEAD_END = "\r\n\r\n";
const CHUNKED_END = "0\r\n\r\n";

/**
 * A bare connection with one request at a time. An HTTP client would take more of the machine. As a client would, it
 * connects again when the server has closed an idle connection, and sends nothing twice.
 */
export class LoadConnection {
  #socket: Socket;
  #received = "";
  #onOutcome: OnOutcome | undefined;

  constructor(private readonly port: number) {
    this.#socket = this.#connect();
  }

  send(request: Buffer, onOutcome: OnOutcome): void {
    if (this.#socket.destroyed || this.#socket.readableEnded) {
      this.#socket.destroy();
      this.#socket = this.#connect();
    }
    this.#received = "";
    this.#onOutcome = onOutcome;
    this.#socket.write(request);
  }

  close(): void {
    this.#onOutcome = undefined;
    this.#socket.destroy();
  }

  #connect(): Socket {
    const socket = connect({ port: this.port, host: "127.0.0.1", noDelay: true }).setEncoding("latin1");
    let reason = "closed";
    socket.on("data", (chunk: string) => this.#read(chunk));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      reason = error.code ?? error.message;
    });
    socket.on("close", () => {
      if (socket === this.#socket) this.#end({ status: undefined, failure: `no response: ${reason}` });
    });
    return socket;
  }

  #end(outcome: Outcome): void {
    const onOutcome = this.#onOutcome;
    this.#onOutcome = undefined;
    onOutcome?.(outcome);
  }

  #read(chunk: string): void {
    this.#received += chunk;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd).toLowerCase();
    const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
    const isWhole =
      length === undefined
        ? this.#received.endsWith(CHUNKED_END)
        : this.#received.length >= headEnd + HEAD_END.length + Number(length);
    if (!isWhole) return;
    const status = Number(head.slice(9, 12));
    const isGood = status === 200 && !this.#received.includes('"errors":', headEnd);
    this.#end({ status, failure: isGood ? undefined : toFailure(status, this.#received.slice(headEnd)) });
  }
}

/** Of the first error in the body. Only words of programs: the kinds are counted, so they must be few. */
function toFailure(status: number, body: string): string {
  const words = ["code", "reason", "upstream"].map(
    (name) => new RegExp(`"${name}":"(\\w+)"`).exec(body)?.[1],
  );
  const found = words.filter((word) => word !== undefined);
  return [status, ...(found.length > 0 ? found : [/"message":"([^"]{1,60})/.exec(body)?.[1]])]
    .join(" ")
    .trim();
}
