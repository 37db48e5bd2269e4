import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { type Sandbox, SandboxClock, startSandbox } from "../../../src/sandbox/index.js";
import { type BuiltPages, buildPages } from "../../support/built-pages.js";
import { launchChromium, openPage, type PageOptions, type WatchedPage } from "../../support/chromium.js";
import { Caller } from "../support/caller.js";
import { A_WEDNESDAY, FakeClock, send } from "../support/wire.js";

export interface ConsolePage {
  readonly page: Page;
  /** The rows of the list of calls, the latest first. */
  readonly rows: Locator;
  readonly detail: Locator;
  readonly button: (name: string | RegExp) => Locator;
  readonly toggle: (name: string) => Locator;
}

export interface ConsoleHarness {
  readonly sandbox: Sandbox;
  readonly clock: SandboxClock;
  open(options?: PageOptions): Promise<ConsolePage>;
  /** Lets this test pass although requests of the page fail. */
  allowFailedRequests(): void;
  /** Reads a patient at PDS. */
  readPatient(nhsNumber?: string): Promise<number>;
  /** Searches slots at T81001 through the proxy. The practice refuses more than two weeks. */
  searchSlots(days: 7 | 30): Promise<number>;
}

/**
 * Builds the console and starts a browser once, and a sandbox whose clock stands for each test. Every test fails when the
 * page logs an error or requests anything from another origin.
 */
export function setUpConsole(): ConsoleHarness {
  jest.setTimeout(30_000);
  let built: BuiltPages;
  let browser: Browser;
  let sandbox: Sandbox;
  let clock: SandboxClock;
  let watched: WatchedPage | undefined;
  let mayRequestsFail: boolean;

  beforeAll(async () => {
    built = buildPages();
    browser = await launchChromium();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    built?.remove();
  });

  beforeEach(async () => {
    mayRequestsFail = false;
    clock = new SandboxClock(new FakeClock(A_WEDNESDAY));
    sandbox = await startSandbox({
      clock,
      consoleAssets: join(built.folder, "sandbox", "console", "assets"),
    });
  });

  afterEach(async () => {
    await watched?.close();
    await sandbox.close();
    const faults = watched?.faults.filter(
      (text) => !mayRequestsFail || !/^Failed to load resource/.test(text),
    );
    expect(faults).toEqual([]);
    expect(watched?.strangers).toEqual([]);
  });

  return {
    get sandbox() {
      return sandbox;
    },
    get clock() {
      return clock;
    },
    async open(options = {}) {
      watched = await openPage(browser, sandbox.urls.gateway, options);
      const { page } = watched;
      // Shorter than the limit of the test, so that a failure names the element.
      page.setDefaultTimeout(15_000);
      await page.getByText(/^Clock: /).waitFor();
      return {
        page,
        rows: page.getByRole("listbox", { name: "Calls" }).getByRole("option"),
        detail: page.getByRole("region", { name: "Details of the call" }),
        button: (name) => page.getByRole("button", { name, exact: typeof name === "string" }),
        toggle: (name) => page.getByRole("switch", { name, exact: true }),
      };
    },
    allowFailedRequests() {
      mayRequestsFail = true;
    },
    async readPatient(nhsNumber = "9000000009") {
      const headers = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
      return (await send(`${sandbox.urls.gateway}/pds/Patient/${nhsNumber}`, { headers })).status;
    },
    async searchSlots(days) {
      const caller = await Caller.of(sandbox, clock, "T81001");
      const end = new Date(A_WEDNESDAY + days * 86_400_000).toISOString().slice(0, 10);
      return (await caller.slots("2026-01-14", end)).status;
    },
  };
}
