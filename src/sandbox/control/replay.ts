import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { FaultKind, ServiceName } from "../http/faults.js";
import { Refused, type Service } from "../http/service.js";
import { isObject, type JsonObject, textOf } from "../shared/json.js";
import { PROXY_HEADER } from "../shared/proxy-header.js";
import { refuseControl } from "./control-requests.js";
import { SandboxClock } from "./sandbox-clock.js";

/** What became of one recorded request. */
export interface ReplayedRequest {
  readonly id: number;
  readonly service: string;
  /** `same` and `different` compare the status. `not-compared`: a fault had replaced the recorded response. */
  readonly result: "same" | "different" | "not-compared" | "skipped";
  readonly recordedStatus?: number;
  readonly status?: number;
  /** Why it was skipped. */
  readonly reason?: string;
}

interface ReplaySubject {
  readonly clock: { now(): number };
  readonly proxySecret: string;
  readonly services: Readonly<Partial<Record<ServiceName, Service>>>;
}

/**
 * Processes recorded requests again, one after another, each at the sandbox time of its arrival. Faults do not apply, and
 * what came at the same time in the recorded run does not here. The clock keeps the time of the last request and stands.
 */
export async function replay(
  subject: ReplaySubject,
  requests: readonly unknown[],
): Promise<ReplayedRequest[]> {
  const { clock } = subject;
  if (!(clock instanceof SandboxClock))
    refuseControl(501, "This clock belongs to the program that started the sandbox");
  const recorded = requests.map(parseRecorded);
  clock.freeze();
  const results: ReplayedRequest[] = [];
  for (const one of recorded) results.push(await replayOne(subject, clock, one));
  return results;
}

interface Recorded {
  readonly id: number;
  readonly service: string;
  readonly receivedAt: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly status: number | undefined;
  readonly fault: FaultKind | undefined;
}

async function replayOne(
  subject: ReplaySubject,
  clock: SandboxClock,
  recorded: Recorded,
): Promise<ReplayedRequest> {
  const { id, service: name, status: recordedStatus, fault, method, path, body = "" } = recorded;
  const known = { id, service: name, ...(recordedStatus === undefined ? {} : { recordedStatus }) };
  const skip = (reason: string): ReplayedRequest => ({ ...known, result: "skipped", reason });
  const service = Object.entries(subject.services).find(([one]) => one === name)?.[1];
  if (!service) return skip("The practice's entry has the request, with its body");
  if (isUnprocessed(fault)) return skip("A fault kept it from being processed");
  if (method === "SEARCH") return skip("Only HTTP is replayed");
  if (recorded.body === undefined && Number(recorded.headers["content-length"] ?? 0) > 0)
    return skip("Its body was not kept");
  clock.set(recorded.receivedAt);
  const headers = { ...recorded.headers };
  if (headers[PROXY_HEADER] !== undefined) headers[PROXY_HEADER] = subject.proxySecret;
  const stream = Readable.from([body]) as IncomingMessage;
  const { status } = await Promise.resolve()
    .then(() => service.respond({ method, path, headers }, { stream, text: async () => body }))
    .catch((error: unknown) => {
      if (error instanceof Refused) return error.response;
      throw error;
    });
  if (fault !== undefined || recordedStatus === undefined)
    return { ...known, result: "not-compared", status };
  return { ...known, result: status === recordedStatus ? "same" : "different", status };
}

/** Whether the recorded request had no effect: the fault came before its processing. */
function isUnprocessed(fault: FaultKind | undefined): boolean {
  if (fault === undefined || fault === "reset-after-commit") return false;
  return typeof fault === "string" || "status" in fault;
}

function parseRecorded(value: unknown): Recorded {
  const one: JsonObject = isObject(value) ? value : {};
  const { id, headers, status, fault } = one;
  const service = textOf(one.service);
  const method = textOf(one.method);
  const path = textOf(one.path);
  const receivedAt = Date.parse(textOf(one.receivedAt) ?? "");
  if (!service || !method || !path || Number.isNaN(receivedAt) || !isObject(headers))
    refuseControl(
      400,
      "Each request needs service, receivedAt, method, path and headers, as the journal has them",
    );
  return {
    id: Number(id ?? 0),
    service,
    receivedAt,
    method,
    path,
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
    body: textOf(one.body),
    status: typeof status === "number" ? status : undefined,
    fault: fault as FaultKind | undefined,
  };
}
