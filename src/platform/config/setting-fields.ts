import { z } from "zod";
import { type OdsCode, parseOdsCode } from "../../domain/ods-code.js";

/** The kinds of value that settings have. Each says in words what is wrong, and never repeats the value. */

export const url = (schemes = /^https?:$/, words = "an http(s)") =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.test(new URL(text).protocol), `is not ${words} URL`)
    .transform((text) => text.replace(/\/+$/, ""));

/** An address that stands as it is, to the last slash, because others compare it letter by letter. */
export const exactUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "is not an http(s) URL");

/** A file that is read; whether it can be is looked at with what is in it. */
export const file = z.string().min(1).optional();

export const text = z.string().min(1);

export const odsCode = z.string().transform((text, context): OdsCode => {
  const code = parseOdsCode(text);
  if (code) return code;
  context.addIssue("is not an ODS code (3 to 10 letters and digits)");
  return z.NEVER;
});

export const asid = z.string().regex(/^\d{12}$/, "is not an ASID (12 digits)");

export const milliseconds = (initial: number) => z.coerce.number().int().min(1).max(600_000).default(initial);

export const width = (initial: number) => z.coerce.number().int().min(1).max(10_000).default(initial);

/** A budget; left out, there is none unless the mode has one. */
export const requestsASecond = z.coerce.number().int().min(1).max(10_000).optional();

/** How long answers may serve, in whole units; 0 means not beyond the request. */
export const upTo = (longest: number, initial: number) =>
  z.coerce.number().int().min(0).max(longest).default(initial);

/** Several, parted by commas, so that a new one can be brought in before the old one goes. */
export const secrets = z
  .string()
  .transform((text) => text.split(",").map((secret) => secret.trim()))
  .refine((all) => all.every((secret) => secret.length >= 32), "must be keys of at least 32 characters each");
