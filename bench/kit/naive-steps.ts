import { randomUUID } from "node:crypto";
import type { DirectoryEntry } from "../../src/domain/directory-entry.js";
import { toLondonDateTime } from "../../src/domain/london-time.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import type { Slot } from "../../src/domain/slot.js";
import { defaultEnd, type TimeWindow } from "../../src/domain/slot-windows.js";
import { signalUntil } from "../../src/platform/resilience/deadline.js";
import { CallLog, type CallRecord } from "../../src/platform/telemetry/call-log.js";
import type { Dependencies } from "../../src/server/dependencies.js";
import { sandboxCaller } from "../../src/server/sandbox-caller.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import { GP_CONNECT_DIRECTORY_INTERACTION } from "../../src/upstreams/sds/index.js";

/** A slot as an app shows it. */
export interface ShownSlot extends Pick<Slot, "id" | "start" | "end"> {
  readonly locationId: string;
}

/** Longer than any sequence takes, so that the naive sequence is never cut off. */
const PATIENCE_MS = 300_000;

/**
 * The calls that a simple script would make one after another, with the clients of the product: the same requests, the
 * same checks of the responses, the same kept connections, but no loader, cache or session. The comparison shows what
 * these save.
 */
export class NaiveSteps {
  readonly #context: CallContext;

  constructor(private readonly dependencies: Dependencies) {
    const { config, clock, audit, resilience } = dependencies;
    const caller = sandboxCaller(config);
    const correlationId = randomUUID();
    this.#context = {
      caller,
      correlationId,
      signal: signalUntil(PATIENCE_MS),
      calls: new CallLog(clock),
      audit: audit.trailFor(caller, correlationId),
      resilience,
    };
  }

  /** @returns the ODS code of the registered practice. */
  async trace(nhsNumber: NhsNumber): Promise<OdsCode> {
    const patient = await this.dependencies.sources.pds.readPatient(nhsNumber, this.#context);
    const practice = patient.kind === "found" ? patient.record.registeredPractice : undefined;
    if (practice === undefined) throw new Error("the patient has no practice");
    return practice.odsCode;
  }

  /** One round. The client sends Endpoint and Device in parallel, which favours the naive sequence. */
  async findPractice(odsCode: OdsCode): Promise<DirectoryEntry> {
    const { directory } = this.dependencies.sources;
    const query = { odsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
    const [result] = await directory.lookUp([query], this.#context);
    if (result?.kind !== "entry") throw new Error("the practice is not in the directory");
    return result.entry;
  }

  async findSpine(): Promise<DirectoryEntry> {
    const { directory, spine } = this.dependencies.sources;
    if (spine.kind === "fixed") return spine.entry;
    const [result] = await directory.lookUp([spine.query], this.#context);
    if (result?.kind !== "entry") throw new Error("Spine is not in the directory");
    return result.entry;
  }

  async status(spine: DirectoryEntry, nhsNumber: NhsNumber): Promise<void> {
    await this.dependencies.sources.visitorsAndMigrants.fetchChargeableStatus(
      spine,
      nhsNumber,
      this.#context,
    );
  }

  async capabilities(practice: DirectoryEntry): Promise<void> {
    await this.dependencies.sources.gpConnect.fetchCapabilities(practice, this.#context);
  }

  /** @param window default: the next 14 days. */
  async slots(practice: DirectoryEntry, window: TimeWindow = nextFortnight()): Promise<readonly Slot[]> {
    const texts = { start: toLondonDateTime(window.from), end: toLondonDateTime(window.to) };
    const { slots } = await this.dependencies.sources.gpConnect.searchFreeSlots(
      practice,
      texts,
      this.#context,
    );
    return slots;
  }

  /** @returns the patient's id at the practice. */
  async findPatient(practice: DirectoryEntry, nhsNumber: NhsNumber): Promise<string> {
    const [found] = await this.dependencies.sources.gpConnect.findPatient(practice, nhsNumber, this.#context);
    if (found === undefined) throw new Error("the practice does not know the patient");
    return found.id;
  }

  async book(practice: DirectoryEntry, patientId: string, slot: ShownSlot): Promise<void> {
    const { locationId } = slot;
    const booking = { patientId, slots: [slot], locationId, description: "Review" };
    await this.dependencies.sources.gpConnect.createAppointment(practice, booking, this.#context);
  }

  /** All calls so far. */
  get logged(): readonly CallRecord[] {
    return this.#context.calls.calls;
  }
}

function nextFortnight(): TimeWindow {
  const from = Math.ceil(Date.now() / 1000) * 1000;
  return { from, to: defaultEnd(from) };
}
