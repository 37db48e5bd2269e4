import { randomUUID } from "node:crypto";
import { HttpClient } from "../../platform/http/http-client.js";
import type { CheckOutcome } from "./outcomes.js";

/** A request that no patient is named in, and whose refusal only the right API at the right path gives. */
export interface ApiProof {
  /** The setting, for the advice. */
  readonly setting: string;
  readonly url: string;
  /** Appended to the URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Error codes of the API's own refusal, which has status 400; empty: any FHIR error with that status will do. */
  readonly codes: readonly string[];
  /** What the path of the setting ends with. */
  readonly ending: string;
  /** Whether the headers have a token, whose right the response then shows too. */
  readonly hasToken: boolean;
}

/**
 * `GET /Patient/0`: not an NHS number, so PDS looks nobody up. The number is judged last, after the token, the path, the
 * application's ASID and the rules of its access mode, so PDS's refusal of the number shows that all of those are good (PDS
 * notes, section 4). No response lists scopes.
 */
export const pdsProof = (url: string, headers: Readonly<Record<string, string>>): ApiProof => ({
  setting: "PDS_URL",
  url,
  path: "/Patient/0",
  headers: { "x-request-id": randomUUID(), ...headers },
  codes: ["INVALID_RESOURCE_ID"],
  ending: "/FHIR/R4, once, and without /Patient",
  hasToken: Object.keys(headers).some((name) => name.toLowerCase() === "authorization"),
});

/** `GET /Endpoint` without its parameters: SDS refuses it. */
export const sdsProof = (url: string, apiKey: string | undefined): ApiProof => ({
  setting: "SDS_URL",
  url,
  path: "/Endpoint",
  headers: apiKey === undefined ? {} : { apikey: apiKey },
  codes: [],
  ending: "/FHIR/R4, without /Device or /Endpoint",
  hasToken: false,
});

/** Tells the right path from a wrong one. A gateway that wants a sign-in first proves nothing, and is told so. */
export async function proveApi(proof: ApiProof, timeoutMs: number): Promise<CheckOutcome> {
  const http = new HttpClient({ connectionsPerOrigin: 1 });
  try {
    const { status, body } = await http.request({
      method: "GET",
      url: `${proof.url.replace(/\/+$/, "")}${proof.path}`,
      headers: { accept: "application/fhir+json", ...proof.headers },
      timeoutMs,
    });
    const refusal = refusalOf(proof, status);
    if (refusal) return refusal;
    const codes = status === 400 ? errorCodesIn(body) : [];
    const isProved =
      proof.codes.length === 0 ? codes.length > 0 : codes.some((code) => proof.codes.includes(code));
    if (!isProved && codes.includes(NO_ASID)) {
      return { result: "FAIL", details: "status 400: a value is missing, such as the application's ASID" };
    }
    if (!isProved) return wrongPath(proof, status);
    return {
      result: "OK",
      details: proof.hasToken ? "the API responds, and accepts our token for reads" : "the API responds",
    };
  } catch {
    return { result: "FAIL", details: "no response" };
  } finally {
    await http.close();
  }
}

/** What PDS says when no ASID belongs to the application (PDS notes, section 2.1). */
const NO_ASID = "MISSING_VALUE";

/** Refusals of the gateway, before it looks at the path. */
function refusalOf({ hasToken, setting }: ApiProof, status: number): CheckOutcome | undefined {
  if (status === 401 && hasToken) return { result: "FAIL", details: "status 401: our token is not accepted" };
  if (status === 401 && setting === "SDS_URL")
    return { result: "FAIL", details: "status 401: our key is not accepted" };
  if (status === 401) return { result: "SKIP", details: "the path cannot be proved without a sign-in" };
  if (status === 403)
    return { result: "FAIL", details: "status 403: the application has no right to this API" };
  if (status === 429) return { result: "FAIL", details: "status 429: too many requests" };
  return undefined;
}

function wrongPath({ setting, ending }: ApiProof, status: number): CheckOutcome {
  return {
    result: "FAIL",
    details: `status ${status}, not this API's refusal: the path is wrong. ${setting} ends with ${ending}`,
  };
}

/** The codes of a FHIR error; a bare one counts as `unnamed`. Empty for anything else. */
function errorCodesIn(body: string): string[] {
  try {
    const outcome = JSON.parse(body) as { resourceType?: unknown; issue?: unknown } | null;
    if (outcome?.resourceType !== "OperationOutcome" || !Array.isArray(outcome.issue)) return [];
    const codings = outcome.issue.flatMap((issue) => issue?.details?.coding ?? []);
    return ["unnamed", ...codings.map((coding: { code?: unknown }) => String(coding?.code))];
  } catch {
    return [];
  }
}
