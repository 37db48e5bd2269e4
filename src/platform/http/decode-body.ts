import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { HttpFailure, toHttpFailure } from "./http-failure.js";

const unzip = promisify(gunzip);

/**
 * Decompresses and decodes the body of a successful response, by its `Content-Encoding` and its declared charset. Without
 * a charset it is UTF-8 (RFC 8259). No byte is ever replaced: a changed name would be shown, and could be written back.
 *
 * @param headers names in lower case.
 * @throws HttpFailure `undecodable` when the body is not what its headers say; `too-large` when it decompresses to more
 *   than `maxBytes`.
 */
export async function decodeBody(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
): Promise<string> {
  const decode = decoderFor(headers["content-type"]);
  const bytes = await decompress(body, headers["content-encoding"], maxBytes);
  return withoutByteOrderMark(decode(bytes));
}

/**
 * The body of a response whose status says that it failed. The status alone decides what happens, so an unreadable body
 * is read as far as possible.
 */
export async function decodeErrorBody(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
): Promise<string> {
  try {
    return await decodeBody(body, headers, maxBytes);
  } catch (error) {
    if (error instanceof HttpFailure && error.kind === "undecodable") return body.toString("utf8");
    throw error;
  }
}

async function decompress(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  switch (encoding?.trim().toLowerCase() || "identity") {
    case "identity":
      return body;
    case "gzip":
    case "x-gzip":
      return unzip(body, { maxOutputLength: maxBytes }).catch((error: unknown) => {
        const failure = toHttpFailure(error);
        throw failure.kind === "too-large" ? failure : undecodable();
      });
    default:
      throw undecodable();
  }
}

/** What we accept besides UTF-8. ISO-8859-1 is read as its superset windows-1252, like browsers do (WHATWG Encoding). */
const WINDOWS_1252 = new Set(["windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "latin1"]);
const UTF_8 = new Set(["utf-8", "utf8", "us-ascii", "ascii"]);

/** The characters of windows-1252 from 0x80 to 0x9F, where it differs from ISO-8859-1. The five undefined bytes stay controls. */
const CHARACTERS_FROM_80 =
  "\u20AC\x81\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\x8D\u017D\x8F" +
  "\x90\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\x9D\u017E\u0178";

function decoderFor(contentType = ""): (bytes: Buffer) => string {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? "utf-8";
  if (UTF_8.has(charset)) return decodeUtf8;
  if (WINDOWS_1252.has(charset)) return decodeWindows1252;
  throw undecodable();
}

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw undecodable();
  return bytes.toString("utf8");
}

/** By hand, because the `TextDecoder` of several Node versions reads windows-1252 as ISO-8859-1. */
function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(/[\x80-\x9F]/g, (control) => CHARACTERS_FROM_80.charAt(control.charCodeAt(0) - 0x80));
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function undecodable(): HttpFailure {
  return new HttpFailure("undecodable");
}
