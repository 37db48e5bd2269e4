import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { isObject, objectsIn, textOf } from "../shared/json.js";
import type { FaultKind, ServiceName } from "./faults.js";

/** A request without its body. */
export interface RequestHead {
  readonly method: string;
  /** The request target as received, with its query. */
  readonly path: string;
  /** Keys are lower-case names. Repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The body of a request. */
export interface RequestBody {
  /** The request itself, for a service that streams the body. Not usable after `text`. */
  readonly stream: IncomingMessage;
  /** Reads the whole body as UTF-8 text. Later calls return the same text. */
  text(): Promise<string>;
}

/** The response of a service. An object body is sent as JSON; a stream is piped. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer | object | Readable | undefined;
}

/** Responds to requests. */
export interface RequestHandler {
  respond(request: RequestHead, body: RequestBody): Promise<SimulatedResponse> | SimulatedResponse;
}

/** One simulated service, independent of sockets. */
export interface Service extends RequestHandler {
  readonly name: ServiceName;
  /** Whether responses are compressed for consumers that accept gzip. */
  readonly compresses?: boolean;
  /** Derives the practice and the interaction of a request, for faults and the request list. */
  describe(request: RequestHead): { odsCode?: string | undefined; interaction?: string | undefined };
}

/** Thrown to end processing with this response. */
export class Refused extends Error {
  constructor(readonly response: SimulatedResponse) {
    super(`refused with ${response.status}`);
  }
}

/** One request as received by a service. */
export interface ReceivedRequest extends RequestHead {
  /** 1, 2, … in order of arrival. A number is never used again, also not after a reset. */
  readonly id: number;
  /** The time of arrival by the sandbox's clock, as an ISO dateTime in UTC. */
  readonly receivedAt: string;
  /** Real milliseconds until the response was sent or the connection ended. Undefined until then. */
  readonly durationMs: number | undefined;
  readonly service: ServiceName;
  readonly odsCode?: string | undefined;
  readonly interaction?: string | undefined;
  /** Undefined when it was empty, very long or not read. SSP streams bodies: the practice's entry has them. */
  readonly body: string | undefined;
  /** Undefined until the response is sent. It stays undefined when the connection was reset. */
  readonly status: number | undefined;
  /** Why the service refused the request. */
  readonly refusal: RequestRefusal | undefined;
  /** The fault that applied to the request. */
  readonly fault: FaultKind | undefined;
}

/** The code of a refusal, and the sentence that says what the request lacks. */
export interface RequestRefusal {
  readonly code: string | undefined;
  readonly diagnostics: string | undefined;
}

/** The refusal in a response with an OperationOutcome or an OAuth error. */
export function refusalOf({ status, body }: SimulatedResponse): RequestRefusal | undefined {
  if (!isObject(body)) return undefined;
  const [issue] = objectsIn(body.issue);
  // Some suppliers send the error of a PUT with 200. The severity of a hint, such as too many matches, is another one.
  const isError = status >= 400 || (body.resourceType === "OperationOutcome" && issue?.severity === "error");
  if (!isError) return undefined;
  if (!issue) {
    const code = textOf(body.error);
    // A streamed body names no error.
    return code === undefined ? undefined : { code, diagnostics: textOf(body.error_description) };
  }
  const details = isObject(issue.details) ? issue.details : {};
  return { code: textOf(objectsIn(details.coding)[0]?.code), diagnostics: textOf(issue.diagnostics) };
}

/** Splits a request target into path and query. */
export function splitPath(path: string): { path: string; query: URLSearchParams } {
  const mark = path.indexOf("?");
  if (mark < 0) return { path, query: new URLSearchParams() };
  return { path: path.slice(0, mark), query: new URLSearchParams(path.slice(mark + 1)) };
}
