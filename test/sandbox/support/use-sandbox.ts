import { type Sandbox, type SandboxOptions, startSandbox } from "../../../src/sandbox/index.js";
import { Caller } from "./caller.js";
import { A_WEDNESDAY, FakeClock } from "./wire.js";

/** A sandbox for the tests of one suite, on a clock of their own. */
export class SandboxUnderTest {
  readonly clock = new FakeClock(A_WEDNESDAY);
  #sandbox: Sandbox | undefined;

  get sandbox(): Sandbox {
    if (!this.#sandbox) throw new Error("the sandbox has not been started");
    return this.#sandbox;
  }

  /** A caller of the practice, with everything right. */
  caller(odsCode = "T81001"): Promise<Caller> {
    return Caller.of(this.sandbox, this.clock, odsCode);
  }

  async start(options: SandboxOptions): Promise<void> {
    this.#sandbox = await startSandbox({ clock: this.clock, ...options });
  }
}

/** Starts a sandbox before the tests of the suite and ends it after them. */
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
