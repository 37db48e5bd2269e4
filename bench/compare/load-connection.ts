import { connect, type Socket } from "node:net";

export type OnResponse = (status: number, hasErrors: boolean) => void;

const HEAD_END = "\r\n\r\n";
const CHUNKED_END = "0\r\n\r\n";

/** A bare socket with one request at a time. An HTTP client would take more of the machine. */
export class LoadConnection {
  readonly #socket: Socket;
  #received = "";
  #onResponse: OnResponse | undefined;

  constructor(port: number, onGone: (error: Error | undefined) => void) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true }).setEncoding("latin1");
    this.#socket.on("data", (chunk: string) => this.#read(chunk));
    this.#socket.on("error", onGone);
    this.#socket.on("close", () => onGone(undefined));
  }

  send(request: Buffer, onResponse: OnResponse): void {
    this.#received = "";
    this.#onResponse = onResponse;
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.destroy();
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
    const onResponse = this.#onResponse;
    this.#onResponse = undefined;
    onResponse?.(Number(head.slice(9, 12)), this.#received.includes('"errors":', headEnd));
  }
}
