import { z } from "zod";
import { type OdsCode, parseOdsCode } from "../../domain/ods-code.js";

/** The types of settings. A fault says what is wrong, and never contains the value. */

const NO_TRAILING_DOT = "must not have a host that ends with a dot";

export const url = (schemes = /^https?:$/, words = "an http(s)") =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.test(new URL(text).protocol), `is not ${words} URL`)
    .refine(hasPlainHost, NO_TRAILING_DOT)
    .transform((text) => text.replace(/\/+$/, ""));

/** A URL that is kept exactly as written, because others compare it character by character. */
export const exactUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "is not an http(s) URL")
  .refine(hasPlainHost, NO_TRAILING_DOT);

/** `example.` is the same host as `example`, and would pass for another one in the rules about hosts. */
function hasPlainHost(text: string): boolean {
  return !URL.canParse(text) || !new URL(text).hostname.endsWith(".");
}

/** Host names, or suffixes with a leading dot, separated by commas. */
export const hostNames = z
  .string()
  .transform((text) =>
    text
      .toLowerCase()
      .split(",")
      .map((host) => host.trim()),
  )
  .refine(
    (hosts) => hosts.every((host) => /^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host)),
    "must be host names, or suffixes with a leading dot, separated by commas",
  );

/** A path. Whether the file can be read is checked with its content. */
export const file = z.string().min(1).optional();

export const text = z.string().min(1);

export const odsCode = z.string().transform((text, context): OdsCode => {
  const code = parseOdsCode(text);
  if (code) return code;
  context.addIssue("is not an ODS code (3 to 10 letters and digits)");
  return z.NEVER;
});

export const asid = z.string().regex(/^\d{12}$/, "is not an ASID (12 digits)");

const duration = z.coerce.number().int().min(1).max(600_000);

export const milliseconds = (initial: number) => duration.default(initial);

/** Left out: the value of another setting. A default would hide that it was left out. */
export const optionalMilliseconds = duration.optional();

export const width = (initial: number) => z.coerce.number().int().min(1).max(10_000).default(initial);

/** A rate limit. Left out: the default of the mode. */
export const requestsPerSecond = z.coerce.number().int().min(1).max(10_000).optional();

/** A time to live in whole units. 0: nothing is reused after the request. */
export const upTo = (longest: number, initial: number) =>
  z.coerce.number().int().min(0).max(longest).default(initial);

/** 0: none. 1: all. */
export const share = z.coerce.number().min(0).max(1);

/** Several keys, separated by commas, for a rotation. */
export const secrets = z
  .string()
  .transform((text) => text.split(",").map((secret) => secret.trim()))
  .refine((all) => all.every((secret) => secret.length >= 32), "must be keys of at least 32 characters each");
