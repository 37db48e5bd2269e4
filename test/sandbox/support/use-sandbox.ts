import { type Sandbox, type SandboxOptions, startSandbox } from "../../../src/sandbox/index.js";
import { Caller } from "./caller.js";
import { A_WEDNESDAY, FakeClock } from "./wire.js";

/** A sandbox for one suite, with its own clock. */
export class SandboxUnderTest {
  readonly clock = new FakeClock(A_WEDNESDAY);
  #sandbox: Sandbox | undefined;

  get sandbox(): Sandbox {
    if (!this.#sandbox) throw new Error("the sandbox has not been started");
    return this.#sandbox;
  }

  /** A caller of the practice that sends valid requests. */
  caller(odsCode = "T81001"): Promise<Caller> {
    return Caller.of(this.sandbox, this.clock, odsCode);
  }

  async start(options: SandboxOptions): Promise<void> {
    this.#sandbox = await startSandbox({ clock: this.clock, ...options });
  }
}

/** Starts a sandbox before the suite and closes it afterwards. */
export function useSandbox(options: SandboxOptions = {}): SandboxUnderTest {
  const under = new SandboxUnderTest();
  beforeAll(() => under.start(options));
  afterAll(() => under.sandbox.close());
  beforeEach(() => {
    under.sandbox.faults.clear();
    under.clock.ms = A_WEDNESDAY;
  });
  return under;
}

/** Whether a slot of the good practice is free. */
export function isFree(sandbox: Sandbox, slotId: string): boolean {
  const slots = sandbox.practices.get("T81001")?.slots;
  const slot = slots?.get(slotId);
  if (!slots || !slot) throw new Error(`no slot ${slotId}`);
  return slots.isFree(slot);
}
