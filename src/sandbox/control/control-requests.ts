import { type Delay, type Fault, type FaultKind, type FaultResponse, isLateCommit } from "../http/faults.js";
import { Refused, type RequestBody } from "../http/service.js";
import { isObject, type JsonObject, parseJson } from "../shared/json.js";

const SERVICES = ["PDS", "SDS", "SSP", "PRACTICE", "VM"] as const;
const FAULT_MEMBERS = ["service", "odsCode", "interaction", "kind", "times", "probability"];

/** Ends a control request with a status and a sentence. */
export function refuseControl(status: number, message: string): never {
  const headers = { "content-type": "application/json" };
  throw new Refused({ status, headers, body: { error: message } });
}

/** Reads a JSON object. An empty body is an empty object. */
export async function readJsonObject(
  body: RequestBody,
  allowedMembers: readonly string[],
): Promise<JsonObject> {
  const text = await body.text();
  const value = text.trim() === "" ? {} : parseJson(text);
  if (!isObject(value)) refuseControl(400, "The body must be a JSON object");
  requireMembers(value, allowedMembers, "The body");
  return value;
}

/** Parses a fault. Refuses unknown members, so that a misspelt one is not ignored. */
export function parseFault(value: JsonObject): Fault {
  requireMembers(value, FAULT_MEMBERS, "A fault");
  const service = SERVICES.find((one) => one === value.service);
  if (!service) refuseControl(400, `service must be one of ${SERVICES.join(", ")}`);
  const { odsCode, interaction, times, probability } = value;
  const kind = parseKind(value.kind);
  if (isLateCommit(kind) && service !== "PRACTICE")
    refuseControl(400, "A late commit is possible at the service PRACTICE only");
  return {
    service,
    kind,
    ...(odsCode === undefined ? {} : { odsCode: requireText("odsCode", odsCode) }),
    ...(interaction === undefined ? {} : { interaction: requireText("interaction", interaction) }),
    ...(times === undefined ? {} : { times: requireNumber("times", times, 1, Number.MAX_SAFE_INTEGER) }),
    ...(probability === undefined ? {} : { probability: requireNumber("probability", probability, 0, 1) }),
  };
}

/** The members of a control request that are texts. */
export function requireText(name: string, value: unknown): string {
  if (typeof value !== "string" || value === "") refuseControl(400, `${name} must be a text`);
  return value;
}

/** The members of a control request that are numbers, within bounds. */
export function requireNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < least || value > most) {
    refuseControl(400, `${name} must be a number from ${least} to ${most}`);
  }
  return value;
}

function parseKind(value: unknown): FaultKind {
  if (value === "reset" || value === "hang" || value === "reset-after-commit") return value;
  if (!isObject(value)) refuseControl(400, "kind must be reset, hang, reset-after-commit or an object");
  if (value.delayMs !== undefined) {
    requireMembers(value, ["delayMs"], "kind");
    return { delayMs: parseDelay(value.delayMs) };
  }
  if (value.afterCommit !== undefined) {
    requireMembers(value, ["afterCommit"], "kind");
    return { afterCommit: parseFaultResult(value.afterCommit) };
  }
  if (value.lateCommit !== undefined) {
    requireMembers(value, ["lateCommit"], "kind");
    const late = value.lateCommit;
    if (!isObject(late)) refuseControl(400, "lateCommit must be an object");
    requireMembers(late, ["response", "delayMs"], "lateCommit");
    const delay = late.delayMs === undefined ? {} : { delayMs: parseDelay(late.delayMs) };
    return { lateCommit: { response: parseFaultResult(late.response), ...delay } };
  }
  return parseFaultResponse(value);
}

function parseFaultResult(value: unknown): FaultResponse | "reset" | "hang" {
  if (value === "reset" || value === "hang") return value;
  if (!isObject(value)) refuseControl(400, "A response must be reset, hang or an object with a status");
  return parseFaultResponse(value);
}

function parseFaultResponse(value: JsonObject): FaultResponse {
  requireMembers(value, ["status", "body", "contentType", "headers"], "A response");
  const { status, body, contentType, headers } = value;
  return {
    status: requireNumber("status", status, 200, 599),
    ...(body === undefined ? {} : { body: requireText("body", body) }),
    ...(contentType === undefined ? {} : { contentType: requireText("contentType", contentType) }),
    ...(headers === undefined ? {} : { headers: parseHeaders(headers) }),
  };
}

function parseHeaders(value: unknown): Record<string, string> {
  if (!isObject(value)) refuseControl(400, "headers must be an object");
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, requireText(name, text)]));
}

function parseDelay(value: unknown): Delay {
  const longest = 3_600_000;
  if (!isObject(value)) return requireNumber("delayMs", value, 0, longest);
  const { distribution, minMs, maxMs, meanMs } = value;
  if (distribution === "uniform") {
    requireMembers(value, ["distribution", "minMs", "maxMs"], "delayMs");
    const least = requireNumber("minMs", minMs, 0, longest);
    return { distribution, minMs: least, maxMs: requireNumber("maxMs", maxMs, least, longest) };
  }
  if (distribution !== "exponential") refuseControl(400, "distribution must be uniform or exponential");
  requireMembers(value, ["distribution", "meanMs"], "delayMs");
  return { distribution, meanMs: requireNumber("meanMs", meanMs, 0, longest) };
}

function requireMembers(value: JsonObject, allowed: readonly string[], what: string): void {
  for (const name of Object.keys(value)) {
    if (!allowed.includes(name)) refuseControl(400, `${what} must not have the member ${name}`);
  }
}
