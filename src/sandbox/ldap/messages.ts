import { BerReader, BerWriter, type Filter } from "ldapts";
import type { LdapEntry } from "./entry.js";
import { MalformedMessage, required } from "./malformed-message.js";
import { parseFilter } from "./parse-filter.js";

/** Result codes (RFC 4511, section 4.1.9). */
export const RESULT = {
  success: 0,
  protocolError: 2,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  unavailableCriticalExtension: 12,
  noSuchObject: 32,
  invalidCredentials: 49,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
} as const;

/** The name of a result code. */
export type ResultName = keyof typeof RESULT;

/** How an operation ended. */
export interface LdapResult {
  readonly result: ResultName;
  readonly matchedDn?: string;
  readonly diagnostics?: string;
}

/** A search. */
export interface SearchRequest {
  readonly kind: "search";
  readonly baseDn: string;
  /** `children` is the subtree without its base. */
  readonly scope: "base" | "one" | "sub" | "children";
  /** Most entries that the client accepts. 0: no limit of its own. */
  readonly sizeLimit: number;
  /** Only the names of the attributes are wanted. */
  readonly typesOnly: boolean;
  readonly filter: Filter;
  /** Names in any letter case. Empty or `*`: all. */
  readonly attributes: readonly string[];
}

/** A bind. Only an anonymous one, without name and password, is simulated. */
export interface BindRequest {
  readonly kind: "bind";
  readonly version: number;
  readonly isSimple: boolean;
  readonly isAnonymous: boolean;
}

/** A request of a client. */
export type LdapRequest =
  | SearchRequest
  | BindRequest
  /** Ends the connection. */
  | { readonly kind: "unbind" }
  /** Gives up a search. It has no response. */
  | { readonly kind: "abandon" }
  /** An operation that is not simulated. */
  | { readonly kind: "other"; readonly operation: string; readonly responseTag: number };

/** A request with its number and whether it carries a control that must not be ignored. */
export interface LdapMessage {
  readonly id: number;
  readonly request: LdapRequest;
  readonly hasCriticalControl: boolean;
}

const SCOPES = ["base", "one", "sub", "children"] as const;
const SIMPLE = 0x80;
const CONTROLS = 0xa0;
const TAG = { bind: 0x60, unbind: 0x42, search: 0x63, abandon: 0x50 } as const;
/** Tags of responses. */
export const RESPONSE_TAG = { bind: 0x61, entry: 0x64, done: 0x65 } as const;
const OTHER_OPERATIONS: Readonly<Record<number, readonly [operation: string, responseTag: number]>> = {
  102: ["modify", 0x67],
  104: ["add", 0x69],
  74: ["delete", 0x6b],
  108: ["rename", 0x6d],
  110: ["compare", 0x6f],
  119: ["extended", 0x78],
};

/**
 * The length in bytes of the first message. Undefined until its header has arrived.
 *
 * @throws MalformedMessage when the bytes begin no message
 */
export function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length > 0 && bytes[0] !== 0x30) throw new MalformedMessage("a message is a sequence");
  const reader = new BerReader(bytes);
  if (readOrRefuse(() => reader.readSequence()) === null) return undefined;
  if (reader.length < 0) throw new MalformedMessage("a message has a length");
  return reader.offset + reader.length;
}

/**
 * Parses one whole message (RFC 4511, section 4.1.1).
 *
 * @throws MalformedMessage
 */
export function parseMessage(bytes: Buffer): LdapMessage {
  return readOrRefuse(() => {
    const reader = new BerReader(bytes);
    reader.readSequence(0x30);
    const id = required(reader.readInt());
    const tag = required(reader.peek());
    if (tag === TAG.unbind) return { id, request: { kind: "unbind" }, hasCriticalControl: false };
    if (tag === TAG.abandon) return { id, request: { kind: "abandon" }, hasCriticalControl: false };
    required(reader.readSequence());
    const end = reader.offset + reader.length;
    const request = parseRequest(reader, tag);
    reader.offset = end;
    return { id, request, hasCriticalControl: readControls(reader) };
  });
}

function parseRequest(reader: BerReader, tag: number): LdapRequest {
  if (tag === TAG.bind) return parseBind(reader);
  if (tag === TAG.search) return parseSearch(reader);
  const [operation, responseTag] = OTHER_OPERATIONS[tag] ?? [];
  if (operation === undefined || responseTag === undefined) {
    throw new MalformedMessage("the operation is not known");
  }
  return { kind: "other", operation, responseTag };
}

function parseBind(reader: BerReader): BindRequest {
  const version = required(reader.readInt());
  const name = required(reader.readString());
  const isSimple = reader.peek() === SIMPLE;
  const password = isSimple ? required(reader.readString(SIMPLE)) : "";
  return { kind: "bind", version, isSimple, isAnonymous: isSimple && name === "" && password === "" };
}

function parseSearch(reader: BerReader): SearchRequest {
  const baseDn = required(reader.readString());
  const scope = required(SCOPES[required(reader.readEnumeration())]);
  required(reader.readEnumeration()); // aliases: the directory has none
  const sizeLimit = required(reader.readInt());
  required(reader.readInt()); // time limit: a search takes no time
  const typesOnly = required(reader.readBoolean());
  const filter = parseFilter(reader);
  const attributes: string[] = [];
  required(reader.readSequence(0x30));
  const end = reader.offset + reader.length;
  while (reader.offset < end) attributes.push(required(reader.readString()));
  return { kind: "search", baseDn, scope, sizeLimit, typesOnly, filter, attributes };
}

/** Whether one of the controls is critical: it must then be refused, because no control is simulated. */
function readControls(reader: BerReader): boolean {
  if (reader.peek() !== CONTROLS) return false;
  required(reader.readSequence(CONTROLS));
  const end = reader.offset + reader.length;
  let isCritical = false;
  while (reader.offset < end) {
    required(reader.readSequence(0x30));
    const controlEnd = reader.offset + reader.length;
    required(reader.readString());
    if (reader.offset < controlEnd && reader.peek() === 0x01) {
      isCritical = required(reader.readBoolean()) || isCritical;
    }
    reader.offset = controlEnd;
  }
  return isCritical;
}

/** The codec throws errors of several kinds at malformed bytes; very deep nesting exhausts the stack. */
function readOrRefuse<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new MalformedMessage((error as Error).message);
  }
}

/** Encodes one entry of a search result with the selected attributes. */
export function encodeEntry(id: number, { dn, attributes }: LdapEntry): Buffer {
  return encode(id, RESPONSE_TAG.entry, (writer) => {
    writer.writeString(dn);
    writer.startSequence();
    for (const [name, values] of Object.entries(attributes)) {
      writer.startSequence();
      writer.writeString(name);
      writer.startSequence(0x31);
      for (const value of values) writer.writeString(value);
      writer.endSequence();
      writer.endSequence();
    }
    writer.endSequence();
  });
}

/** Encodes the end of an operation. */
export function encodeResult(id: number, responseTag: number, result: LdapResult): Buffer {
  return encode(id, responseTag, (writer) => {
    writer.writeEnumeration(RESULT[result.result]);
    writer.writeString(result.matchedDn ?? "");
    writer.writeString(result.diagnostics ?? "");
  });
}

function encode(id: number, tag: number, write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(tag);
  write(writer);
  writer.endSequence();
  writer.endSequence();
  return writer.buffer;
}
