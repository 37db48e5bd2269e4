import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { ServiceName } from "./faults.js";

/** The head of a request: everything but its body. */
export interface RequestHead {
  readonly method: string;
  /** As it came over the wire, with its query. */
  readonly path: string;
  /** By lower-case name; repeated headers joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a service sends back. An object is sent as JSON; a stream is passed through. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | object | Readable | undefined;
}

/** One simulated service, without its sockets. */
export interface Service {
  readonly name: ServiceName;
  /** Names the practice and the interaction of a request, for faults and the record. */
  describe(request: RequestHead): { odsCode?: string | undefined; interaction?: string | undefined };
  answer(request: RequestHead, incoming: IncomingMessage): Promise<SimulatedResponse> | SimulatedResponse;
}

/** Ends the handling of a request with an answer, from any depth. */
export class Refused extends Error {
  constructor(readonly answer: SimulatedResponse) {
    super(`refused with ${answer.status}`);
  }
}

/** One request as a service received it. */
export interface ReceivedRequest extends RequestHead {
  readonly service: ServiceName;
  readonly odsCode?: string | undefined;
  readonly interaction?: string | undefined;
  /** Undefined until answered, and for ever when the connection was cut. */
  readonly status: number | undefined;
}

/** Splits a raw request path into path and query. */
export function splitPath(path: string): { path: string; query: URLSearchParams } {
  const mark = path.indexOf("?");
  if (mark < 0) return { path, query: new URLSearchParams() };
  return { path: path.slice(0, mark), query: new URLSearchParams(path.slice(mark + 1)) };
}
