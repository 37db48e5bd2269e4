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
}

/** `GET /Patient/0`: not an NHS number, so PDS looks nobody up (PDS notes, errors of a read). */
export const pdsProof = (url: string, headers: Readonly<Record<string, string>>): ApiProof => ({
  setting: "PDS_URL",
  url,
  path: "/Patient/0",
  headers: { "x-request-id": randomUUID(), ...headers },
  codes: ["INVALID_RESOURCE_ID"],
  ending: "/FHIR/R4, once, and without /Patient",
});

/** `GET /Endpoint` without its parameters: SDS refuses it. */
export const sdsProof = (url: string, apiKey: string | undefined): ApiProof => ({
  setting: "SDS_URL",
  url,
  path: "/Endpoint",
  headers: apiKey === undefined ? {} : { apikey: apiKey },
  codes: [],
  ending: "/FHIR/R4, without /Device or /Endpoint",
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
    if (status === 401) return { result: "SKIP", details: "the path cannot be proved without a sign-in" };
    const codes = status === 400 ? errorCodesIn(body) : [];
    const isProved =
      proof.codes.length === 0 ? codes.length > 0 : codes.some((code) => proof.codes.includes(code));
    return isProved ? { result: "OK", details: "the API responds" } : wrongPath(proof, status);
  } catch {
    return { result: "FAIL", details: "no response" };
  } finally {
    await http.close();
  }
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
