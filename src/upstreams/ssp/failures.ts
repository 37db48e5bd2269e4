import { noteDiagnostics } from "../../platform/audit/index.js";
import type { UpstreamError } from "../../platform/errors.js";
import type { HttpResponse } from "../../platform/http/http-client.js";
import type { UpstreamService } from "../policies.js";
import { upstreamError } from "../upstream-errors.js";
import { statusToError } from "../upstream-failures.js";
import { isRecord, type Json, PROFILE, parseJson, records, text, texts } from "./wire.js";

/**
 * Translates refusals of the proxy and of practices (GP Connect notes, sections 3.3, 10.1 and 10.2; assurance notes,
 * 2.3). The status decides the code; the body only adds the sender and a finer reason. Its free text may hold personal
 * data and addresses, so only the audit gets it.
 */
export function responseToError(response: HttpResponse): UpstreamError {
  const outcome = readOutcome(response.body);
  return noteDiagnostics(outcomeToError(response, outcome), outcome.diagnostics);
}

function outcomeToError(response: HttpResponse, outcome: Outcome): UpstreamError {
  const service = serviceOf(response.status, outcome);
  const reason = reasonOf(response, outcome);
  if (reason === "ENDPOINT_CHANGED") {
    // The only refusal after which a retry may succeed, with a fresh look-up in the directory.
    const code = "UPSTREAM_REFUSED";
    const httpStatus = response.status;
    return upstreamError({ service, code, reason, httpStatus, retryable: true, notForwarded: true });
  }
  const isFromProxy = service === "SSP" && isCertainlyFromProxy(response);
  const originUnsure = service === "SSP" && reason === undefined && !isFromProxy;
  // The proxy's 503 may be about itself or about the practice, so it proves nothing (GP Connect notes, 3.3 and 10.3).
  const notForwarded = isFromProxy && response.status === 429;
  return statusToError(response.status, service, reason, {
    headers: response.headers,
    originUnsure,
    notForwarded,
  });
}

interface Outcome {
  readonly fromPractice: boolean;
  /** The Spine code of the practice, if it is one. */
  readonly code?: string | undefined;
  /** Free text, for the audit only. */
  readonly diagnostics: readonly string[];
}

/** Statuses by which the proxy reports that the practice did not respond. */
const PRACTICE_SILENT = new Set([502, 504, 599]);

function serviceOf(status: number, outcome: Outcome): UpstreamService {
  return outcome.fromPractice || PRACTICE_SILENT.has(status) ? "PROVIDER" : "SSP";
}

/** The code systems of the proxy's own refusals, and the headers that it alone is to send (GP Connect notes, 3.2, 10.2). */
const PROXY_SIGNS = ["gpconnect-schedule-response-code-1-0", "spine-operationoutcome-1"];

/** Whatever is not signed so may be the practice's: the proxy passes on what stands before a practice's system too. */
function isCertainlyFromProxy({ headers, body }: HttpResponse): boolean {
  const isLimited = Object.keys(headers).some((name) => name.startsWith("x-rate-limit-"));
  return isLimited || PROXY_SIGNS.some((sign) => body.includes(sign));
}

function reasonOf({ status, body }: HttpResponse, outcome: Outcome): string | undefined {
  if (status === 501) return "NOT_SUPPORTED";
  if (outcome.fromPractice) return practiceReason(status, outcome.code);
  return PROXY_REASONS.find(([at, words]) => at === status && body.includes(words))?.[2];
}

/**
 * The proxy's refusals, by status and a part of the text. They are matched in the raw body, because one of them is
 * published as malformed JSON, and the proxy may respond in XML.
 */
const PROXY_REASONS: readonly (readonly [status: number, words: string, reason: string])[] = [
  [400, "VARIES_FROM_TARGETURL", "ENDPOINT_CHANGED"],
  [403, "FOT_CHECK_FAILED", "NO_SHARING_AGREEMENT"],
  [403, "ASID_CHECK_FAILED_MESSAGESENDER", "SENDER_NOT_ACCREDITED"],
  [403, "PARTYKEY_INTERACTION_CHECK_FAILED", "NOT_ON_GP_CONNECT"],
];

function practiceReason(status: number, code: string | undefined): string | undefined {
  if (status !== 403) return code;
  if (code === "ACCESS_DENIED") return "NOT_ENABLED";
  return code === "NO_ORGANISATIONAL_CONSENT" ? "NO_ORGANISATION_CONSENT" : code;
}

/** Both spellings in use end so: `…/STU3/ValueSet/…` in the examples, `…/STU3/CodeSystem/…` in the profile. */
const SPINE_CODES = /\/Spine-ErrorOrWarningCode(-\d+)?$/;

function readOutcome(body: string): Outcome {
  const outcome = parseJson(body);
  if (!isRecord(outcome) || outcome.resourceType !== "OperationOutcome") {
    return { fromPractice: false, diagnostics: [] };
  }
  const diagnostics = records(outcome.issue).flatMap((issue) => text(issue.diagnostics) ?? []);
  const codings = records(outcome.issue)
    .flatMap((issue) => records(issue.details))
    .flatMap((details) => records(details.coding));
  const spine = codings.find((coding) => SPINE_CODES.test(text(coding.system) ?? ""));
  const fromPractice = spine !== undefined || hasPracticeProfile(outcome);
  return { fromPractice, diagnostics, code: fromPractice ? readCode(spine ?? codings[0]) : undefined };
}

function hasPracticeProfile(outcome: Json): boolean {
  return isRecord(outcome.meta) && texts(outcome.meta.profile).includes(PROFILE.operationOutcome);
}

/**
 * Upper-case words only, including `ACCESS DENIED` with a space. The proxy puts the HTTP status there, and other text of a
 * practice must not be passed on. Digits are refused, so that no number is passed on.
 */
function readCode(coding: Json | undefined): string | undefined {
  const code = text(coding?.code)?.trim().replaceAll(" ", "_");
  return code !== undefined && code.length <= 50 && /^[A-Z]+(?:_[A-Z]+)*$/.test(code) ? code : undefined;
}
