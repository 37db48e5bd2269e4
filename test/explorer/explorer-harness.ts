import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { type BuiltPages, buildPages } from "../support/built-pages.js";
import { launchChromium, openPage, type PageOptions, type WatchedPage } from "../support/chromium.js";
import { createStubGraph, type SentOperation, type StubGraph } from "./stub-graph.js";

export interface ExplorerPage {
  readonly page: Page;
  readonly operation: (name: string) => Locator;
  readonly response: Locator;
  readonly query: Locator;
  readonly variables: Locator;
  readonly calls: Locator;
  readonly bars: Locator;
  readonly run: Locator;
}

export interface ExplorerHarness {
  /** Opens the page; `path` is the part of its address after the origin. */
  open(options?: PageOptions & { readonly path?: string }): Promise<ExplorerPage>;
  /** The operations that the graph received, without introspection. */
  sent(): readonly SentOperation[];
  /** The variables of the requests for a price alone. */
  priced(): readonly Record<string, unknown>[];
  url(): string;
}

/**
 * Builds the explorer and starts a browser once, and a stub graph for each test. Every test fails when the page logs an
 * error or requests anything from another host.
 */
export function setUpExplorer(): ExplorerHarness {
  jest.setTimeout(30_000);
  let built: BuiltPages;
  let browser: Browser;
  let graph: StubGraph;
  let url: string;
  let watched: WatchedPage;

  beforeAll(async () => {
    built = buildPages();
    browser = await launchChromium();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    built?.remove();
  });

  beforeEach(async () => {
    graph = createStubGraph(join(built.folder, "explorer"));
    url = await graph.app.listen({ port: 0, host: "127.0.0.1" });
  });

  afterEach(async () => {
    await watched.close();
    await graph.app.close();
    expect(watched.faults).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });

  async function open({
    path = "",
    ...options
  }: PageOptions & { path?: string } = {}): Promise<ExplorerPage> {
    watched = await openPage(browser, `${url}${path}`, options);
    const { page } = watched;
    // Completion and placeholders need the schema.
    await page.locator("[data-schema=known]").waitFor();
    const operation = (name: string) => page.getByRole("button", { name });
    return {
      page,
      operation,
      response: page.getByRole("textbox", { name: "Response, as JSON" }),
      query: page.getByRole("textbox", { name: "Query" }),
      variables: page.getByRole("textbox", { name: "Variables, as JSON" }),
      calls: page.getByRole("region", { name: "Upstream calls" }),
      bars: page.locator(".call rect"),
      run: page.getByRole("button", { name: /^Run/ }),
    };
  }

  return { open, sent: () => graph.sent, priced: () => graph.priced, url: () => url };
}
