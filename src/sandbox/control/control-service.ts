import type { Fault, FaultRegistry, ServiceName } from "../http/faults.js";
import {
  type ReceivedRequest,
  type RequestBody,
  type RequestHandler,
  type RequestHead,
  type Service,
  type SimulatedResponse,
  splitPath,
} from "../http/service.js";
import { PERSONAS } from "../personas/personas.js";
import type { PracticeStates } from "../practice/practice-states.js";
import type { SandboxUrls } from "../sandbox-options.js";
import { toLondonDateTime } from "../shared/london-time.js";
import { parseFault, readJsonObject, refuseControl, requireNumber, requireText } from "./control-requests.js";
import { filterJournal } from "./journal/filter-journal.js";
import type { ProfileByCode } from "./journal/judge-request.js";
import { REQUEST_RULES } from "./journal/rules.js";
import { OPENAPI } from "./openapi.js";
import { PRESETS } from "./presets.js";
import { replay } from "./replay.js";
import { SandboxClock } from "./sandbox-clock.js";
import { exportState, importState, STATE_MEMBERS } from "./sandbox-state.js";
import { createAuditToken, createVmToken, isScope, SCOPES } from "./tokens.js";

const LONGEST_ADVANCE_MS = 10 * 366 * 86_400_000;

/** What the control API acts on. */
export interface ControlSubject {
  readonly clock: { now(): number };
  readonly faults: FaultRegistry;
  readonly states: PracticeStates;
  /** The seed of the generated data. `change` also discards all changes. */
  readonly seed: { readonly current: string; change(seed: string): void };
  /** The services that process replayed requests. The proxy has none: a practice's entry has the whole request. */
  readonly services: Readonly<Partial<Record<ServiceName, Service>>>;
  readonly proxySecret: string;
  readonly requests: readonly ReceivedRequest[];
  readonly urls: SandboxUrls;
  readonly description: { readonly profile: string };
  readonly consumer: { readonly odsCode: string };
  /** The supplier profile of a practice: some suppliers leave rules out. */
  readonly profileOf: ProfileByCode;
  /** Discards all changes: appointments, registrations, tokens, faults and the journal. */
  reset(): void;
  clearJournal(): void;
}

type Operation = (request: RequestHead, body: RequestBody, parameter: string) => unknown;

/** The control API under `/__sandbox`. It is described by `/__sandbox/openapi.json`. */
export class ControlService implements RequestHandler {
  readonly #operations: readonly [method: string, path: RegExp, operation: Operation][];

  constructor(private readonly subject: ControlSubject) {
    this.#operations = [
      ["GET", /^\/?$/, () => this.#describe()],
      ["GET", /^\/openapi\.json$/, () => OPENAPI],
      ["GET", /^\/personas$/, () => PERSONAS],
      ["GET", /^\/audit-token$/, (request) => this.#auditToken(request)],
      ["GET", /^\/vm-token$/, (request) => this.#vmToken(request)],
      ["POST", /^\/reset$/, () => this.#reset()],
      ["GET", /^\/clock$/, () => this.#clockState()],
      ["PUT", /^\/clock$/, (_request, body) => this.#setClock(body)],
      ["POST", /^\/clock\/advance$/, (_request, body) => this.#advanceClock(body)],
      ["POST", /^\/clock\/(freeze|resume)$/, (_request, _body, verb) => this.#stopClock(verb)],
      ["GET", /^\/faults$/, () => this.subject.faults.list()],
      ["POST", /^\/faults$/, (_request, body) => this.#addFault(body)],
      ["DELETE", /^\/faults$/, () => this.#clearFaults()],
      ["DELETE", /^\/faults\/(\w+)$/, (_request, _body, id) => this.#removeFault(id)],
      ["GET", /^\/presets$/, () => PRESETS],
      ["POST", /^\/presets\/([\w-]+)$/, (_request, _body, name) => this.#applyPreset(name)],
      ["GET", /^\/journal$/, (request) => this.#journal(request)],
      ["DELETE", /^\/journal$/, () => this.#clearJournal()],
      ["POST", /^\/replay$/, (_request, body) => this.#replay(body)],
      ["GET", /^\/state$/, () => exportState(this.subject)],
      ["PUT", /^\/state$/, (_request, body) => this.#importState(body)],
      ["PUT", /^\/seed$/, (_request, body) => this.#setSeed(body)],
      ["GET", /^\/rules$/, () => [...REQUEST_RULES.values()]],
    ];
  }

  /** The method and path pattern of each operation. */
  get routes(): readonly { readonly method: string; readonly path: RegExp }[] {
    return this.#operations.map(([method, path]) => ({ method, path }));
  }

  async respond(request: RequestHead, body: RequestBody): Promise<SimulatedResponse> {
    requireOwnOrigin(request);
    const { path } = splitPath(request.path);
    const matching = this.#operations.filter(([, pattern]) => pattern.test(path));
    if (matching.length === 0) refuseControl(404, "No such control path. See /__sandbox/openapi.json");
    const found = matching.find(([method]) => method === request.method);
    if (!found) refuseControl(405, `Allowed: ${matching.map(([method]) => method).join(", ")}`);
    const [, pattern, operation] = found;
    const result = await operation(request, body, pattern.exec(path)?.[1] ?? "");
    if (typeof result === "string")
      return { status: 200, headers: { "content-type": "text/plain" }, body: result };
    return { status: 200, headers: { "content-type": "application/json" }, body: result as object };
  }

  #describe(): object {
    const { urls, description } = this.subject;
    return {
      seed: this.subject.seed.current,
      ...description,
      urls,
      clock: this.#clockState(),
      operations: Object.entries(OPENAPI.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      ),
    };
  }

  #auditToken({ path }: RequestHead): string {
    const scope = splitPath(path).query.get("scope") ?? "";
    if (!isScope(scope)) refuseControl(400, `scope must be one of ${SCOPES.join(", ")}`);
    return createAuditToken(scope, this.subject.consumer.odsCode, this.subject.clock.now());
  }

  #vmToken({ path }: RequestHead): string {
    const nhsNumber = splitPath(path).query.get("nhsNumber") ?? "";
    if (!/^\d{10}$/.test(nhsNumber)) refuseControl(400, "nhsNumber must have ten digits");
    return createVmToken(nhsNumber, this.subject.consumer.odsCode, this.subject.clock.now());
  }

  #reset(): object {
    const { clock } = this.subject;
    if (clock instanceof SandboxClock) clock.reset();
    this.subject.reset();
    return this.#describe();
  }

  async #importState(body: RequestBody): Promise<object> {
    importState(this.subject, await readJsonObject(body, STATE_MEMBERS));
    return this.#describe();
  }

  async #setSeed(body: RequestBody): Promise<object> {
    const { seed } = await readJsonObject(body, ["seed"]);
    this.subject.seed.change(requireText("seed", seed));
    return this.#describe();
  }

  async #replay(body: RequestBody): Promise<object> {
    const { requests } = await readJsonObject(body, ["requests"]);
    if (!Array.isArray(requests)) refuseControl(400, "requests must be a list of journal entries");
    return replay(this.subject, requests);
  }

  #clockState(): object {
    const { clock } = this.subject;
    const now = clock.now();
    return {
      now: new Date(now).toISOString(),
      london: toLondonDateTime(now),
      isFrozen: clock instanceof SandboxClock && clock.isFrozen,
    };
  }

  async #setClock(body: RequestBody): Promise<object> {
    const clock = this.#movableClock();
    const { now } = await readJsonObject(body, ["now"]);
    const epochMs = Date.parse(requireText("now", now));
    if (Number.isNaN(epochMs)) refuseControl(400, "now must be an ISO dateTime");
    clock.set(epochMs);
    return this.#clockState();
  }

  async #advanceClock(body: RequestBody): Promise<object> {
    const clock = this.#movableClock();
    const { ms } = await readJsonObject(body, ["ms"]);
    clock.advance(requireNumber("ms", ms, -LONGEST_ADVANCE_MS, LONGEST_ADVANCE_MS));
    return this.#clockState();
  }

  #stopClock(verb: string): object {
    const clock = this.#movableClock();
    if (verb === "freeze") clock.freeze();
    else clock.resume();
    return this.#clockState();
  }

  #movableClock(): SandboxClock {
    const { clock } = this.subject;
    if (!(clock instanceof SandboxClock))
      refuseControl(501, "This clock belongs to the program that started the sandbox");
    return clock;
  }

  async #addFault(body: RequestBody): Promise<object> {
    const members = ["service", "odsCode", "interaction", "kind", "times", "probability"];
    const fault: Fault = parseFault(await readJsonObject(body, members));
    this.subject.faults.add(fault);
    return this.subject.faults.list().at(-1) ?? fault;
  }

  #clearFaults(): object {
    this.subject.faults.clear();
    return this.subject.faults.list();
  }

  #removeFault(id: string): object {
    if (!this.subject.faults.remove(id)) refuseControl(404, "No fault has this id");
    return this.subject.faults.list();
  }

  #applyPreset(name: string): object {
    const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
    if (!preset) refuseControl(404, `No such preset. There are ${Object.keys(PRESETS).join(", ")}`);
    for (const fault of preset) this.subject.faults.add(fault);
    return this.subject.faults.list();
  }

  #journal({ path }: RequestHead): object {
    return filterJournal(this.subject.requests, splitPath(path).query, this.subject.profileOf);
  }

  #clearJournal(): object {
    this.subject.clearJournal();
    return [];
  }
}

/** A page of another origin, open in the same browser, must not change the sandbox. Browsers say where a request comes from. */
function requireOwnOrigin({ method, headers }: RequestHead): void {
  const site = headers["sec-fetch-site"];
  if (method !== "GET" && (site === "cross-site" || site === "same-site"))
    refuseControl(403, "A page of another origin must not change the sandbox");
}
