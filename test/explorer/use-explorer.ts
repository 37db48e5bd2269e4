import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { launchChromium, openPage, type PageOptions, type WatchedPage } from "../support/chromium.js";
import { createStubGraph, type SentOperation, type StubGraph } from "./stub-graph.js";

export interface ExplorerPage {
  readonly page: Page;
  readonly operation: (name: string) => Locator;
  readonly answer: Locator;
  readonly query: Locator;
  readonly variables: Locator;
  readonly walk: Locator;
  readonly bars: Locator;
  readonly run: Locator;
}

export interface ExplorerBench {
  open(options?: PageOptions): Promise<ExplorerPage>;
  /** What the graph was sent, introspection apart. */
  sent(): readonly SentOperation[];
  url(): string;
}

/**
 * Builds the explorer, starts a browser once and a stub graph for each test. After each test, whatever it did, nothing
 * may have gone wrong on the page and nothing may have been asked of any other host.
 */
export function useExplorer(): ExplorerBench {
  jest.setTimeout(30_000);
  let built: string;
  let browser: Browser;
  let graph: StubGraph;
  let url: string;
  let watched: WatchedPage;

  beforeAll(async () => {
    built = mkdtempSync(join(tmpdir(), "explorer-"));
    execFileSync(process.execPath, ["scripts/build-explorer.js", built]);
    browser = await launchChromium();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(built, { recursive: true, force: true });
  });

  beforeEach(async () => {
    graph = createStubGraph(join(built, "explorer"));
    url = await graph.app.listen({ port: 0, host: "127.0.0.1" });
  });

  afterEach(async () => {
    await watched.close();
    await graph.app.close();
    expect(watched.faults).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });

  async function open(options?: PageOptions): Promise<ExplorerPage> {
    watched = await openPage(browser, url, options);
    const { page } = watched;
    // Completion and what goes from one answer to the next both rest on the schema.
    await page.locator("[data-schema=known]").waitFor();
    const operation = (name: string) => page.getByRole("button", { name });
    return {
      page,
      operation,
      answer: page.getByRole("textbox", { name: "Answer, as JSON" }),
      query: page.getByRole("textbox", { name: "Query" }),
      variables: page.getByRole("textbox", { name: "Variables, as JSON" }),
      walk: page.getByRole("region", { name: "The walk" }),
      bars: page.locator(".call rect"),
      run: page.getByRole("button", { name: /^Run/ }),
    };
  }

  return { open, sent: () => graph.sent, url: () => url };
}
