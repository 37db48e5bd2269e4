import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchChromium, openPage, type PageOptions, type WatchedPage } from "../support/chromium.js";
import { describeNeeding } from "../support/needs.js";
import { createStubGraph, type StubGraph } from "./stub-graph.js";

jest.setTimeout(30_000);

describeNeeding("chromium", "the explorer in a browser", () => {
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
    // Whatever a test did: nothing went wrong on the page, and nothing was asked of any other host.
    expect(watched.faults).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });

  async function open(options?: PageOptions) {
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

  test("lists the operations in teaching order, each with one sentence", async () => {
    const { page } = await open();
    const items = page.getByRole("navigation", { name: "Documented operations" }).getByRole("listitem");
    expect(await items.allInnerTexts()).toEqual([
      // The one that is open is told in full.
      expect.stringMatching(/^Who is this patient\?\s+One call to PDS.*\. The name is as PDS holds it\.$/s),
      expect.stringMatching(/^The card: .*\s+Everything an app shows of a patient, in one question\.$/s),
      expect.stringContaining("Several practices at once"),
      expect.stringMatching(/Book it\s*mutation/),
    ]);
    expect(graph.sent).toEqual([]);
  });

  test("a press on a query runs it, shows its answer and draws its walk", async () => {
    const { operation, answer, walk, bars } = await open();
    await operation("The card").click();
    await answer.getByText('"Ada Quill"').waitFor();
    expect(await bars.count()).toBe(8);
    expect(await walk.innerText()).toContain(
      "8 calls: 1 PDS, 4 SDS, 1 V&M, 2 SSP; 3 at the same time at most.",
    );
    expect(await walk.innerText()).toContain("PDS 1 miss · SSP 1 miss · SDS 2 misses, 1 shared");
    expect(graph.sent).toEqual([
      {
        operationName: "Card",
        variables: { nhsNumber: "9000000009" },
        session: expect.any(String),
        trace: "1",
      },
    ]);
  });

  test("the same session costs less, a new session costs all again", async () => {
    const { page, operation, walk, run } = await open();
    await operation("The card").click();
    await walk.getByText("8 calls:").waitFor();
    await run.click();
    await walk.getByText("2 calls:").waitFor();
    await walk.getByText("last time 8 calls").waitFor();
    await page.getByRole("button", { name: "New session" }).click();
    await run.click();
    await walk.getByText("8 calls:").waitFor();
    const sessions = graph.sent.map(({ session }) => session);
    expect(sessions[1]).toBe(sessions[0]);
    expect(sessions[2]).not.toBe(sessions[0]);
  });

  test("a failed call is told by word as well as by colour, and the error stands above the answer", async () => {
    const { page, operation, variables, bars, walk } = await open();
    await operation("Several practices").click();
    await walk.getByText("4 calls:").waitFor();
    expect(await bars.count()).toBe(4);
    await walk.getByText(/T81002 · timeout/).waitFor();
    await walk.getByText("as a table").click();
    const cells = walk.getByRole("row", { name: /T81002/ }).getByRole("cell");
    expect(await cells.allInnerTexts()).toEqual([
      "read organization",
      "T81002",
      "14 ms",
      "120 ms",
      "UPSTREAM_TIMEOUT",
    ]);
    await page.getByText("Sandbox cast").click();
    await operation("Harbour Practice").click();
    await variables.getByText('"T81002"').waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    const errors = page.getByRole("list", { name: "Errors" });
    expect(await errors.innerText()).toContain("UPSTREAM_TIMEOUT The practice did not answer in time.");
  });

  test("a member of the cast goes into the variables and is asked after on Run", async () => {
    const { page, operation, variables, answer, run } = await open();
    await page.getByText("Sandbox cast").click();
    await operation("Tom Reed").click();
    await variables.getByText('"9000000025"').waitFor();
    expect(graph.sent).toEqual([]);
    await run.click();
    await answer.getByText('"Tom Reed"').waitFor();
    expect(graph.sent[0]?.variables).toEqual({ nhsNumber: "9000000025" });
  });

  test("a mutation waits for Run, and goes on from what an earlier answer showed", async () => {
    const { page, operation, answer, variables, run } = await open();
    await operation("Book it").click();
    await page.getByText("Needs Slot.id").waitFor();
    await operation("The card").click();
    await answer.getByText('"slot-one"').waitFor();
    await operation("Book it").click();
    await variables.getByText('"slot-one"').waitFor();
    await page.getByText("Press Run when you are ready").waitFor();
    expect(graph.sent.map(({ operationName }) => operationName)).toEqual(["Card"]);
    expect(await run.innerText()).toBe("Run mutation");
    await run.click();
    await answer.getByText('"booked-one"').waitFor();
    expect(graph.sent[1]).toMatchObject({
      operationName: "Book",
      variables: { input: { nhsNumber: "9000000009", slotIds: ["slot-one"], description: "Review" } },
    });
  });

  test("the editor completes from the schema, marks faults and keeps what is typed at speed", async () => {
    const { page, query, answer } = await open();
    await page.getByRole("button", { name: "Schema docs" }).click();
    await page.getByRole("heading", { name: "Queries" }).waitFor();
    await page.keyboard.press("Escape");
    await query.press("Control+a");
    await page.keyboard.type("query Mine { patient(nhsNumber: 9000000009) { gen");
    await page.locator(".cm-lintRange-error").first().waitFor();
    await page.keyboard.press("Escape");
    for (const _letter of "gen") await page.keyboard.press("Backspace");
    await page.keyboard.type("char");
    await page.getByRole("option", { name: /chargeableStatus/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.type("geableStatus } }");
    await page.keyboard.press("Control+Enter");
    await answer.getByText('"chargeableStatus"').waitFor();
    expect(graph.sent[0]).toMatchObject({ operationName: "Mine" });
  });

  test("variables that are not JSON are refused before anything is sent", async () => {
    const { page, variables, run } = await open();
    await variables.press("Control+a");
    await page.keyboard.type("{ nhsNumber: 1 }");
    await run.click();
    await page.getByText("Variables are not JSON").waitFor();
    expect(graph.sent).toEqual([]);
  });

  test("the documentation is searched, walked through and left by keyboard", async () => {
    const { page } = await open();
    const docs = page.getByRole("complementary", { name: "Schema docs" });
    await page.getByRole("button", { name: "Schema docs" }).click();
    await docs.getByRole("heading", { name: "Mutations" }).waitFor();
    await page.keyboard.type("display");
    await docs.getByRole("button", { name: "HumanName.display" }).click();
    await docs.getByRole("heading", { name: "type HumanName" }).waitFor();
    await docs.getByRole("button", { name: "Back" }).click();
    await docs.getByRole("heading", { name: "Queries" }).waitFor();
    await docs.getByRole("searchbox").press("Escape");
    expect(await docs.count()).toBe(0);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Schema docs");
  });

  test("leads to Apollo Sandbox by a plain link", async () => {
    const { page } = await open();
    const link = page.getByRole("link", { name: /Open in Apollo Sandbox/ });
    expect(await link.getAttribute("href")).toBe(
      `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(`${url}/graphql`)}`,
    );
    expect(await link.getAttribute("rel")).toBe("noreferrer noopener");
  });

  test("every operation is within reach of the keyboard, and Enter runs it", async () => {
    const { page, answer } = await open();
    const focused: unknown[] = [];
    while (!String(focused.at(-1)).startsWith("Several") && focused.length < 12) {
      await page.keyboard.press("Tab");
      focused.push(await page.evaluate("document.activeElement.textContent"));
    }
    expect(focused.slice(0, 3)).toEqual(["Skip to the query", "New session", "Schema docs"]);
    expect(focused).toHaveLength(6);
    await page.keyboard.press("Enter");
    await answer.getByText('"Elm Street Surgery"').waitFor();
  });

  test("the keyboard can move the splitter and leave the editors", async () => {
    const { page, query } = await open();
    const splitter = page.getByRole("separator", { name: "Height of the walk" });
    await splitter.press("ArrowUp");
    expect(await splitter.getAttribute("aria-valuenow")).toBe("52");
    await query.focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.ariaLabel")).toBe("Variables, as JSON");
  });

  test("has landmarks, one main heading, and a name for everything that can be pressed", async () => {
    const { page, operation, walk } = await open();
    await operation("The card").click();
    await walk.getByText("8 calls:").waitFor();
    for (const role of ["banner", "main", "navigation", "contentinfo"] as const) {
      expect([role, await page.getByRole(role).count()]).toEqual([role, 1]);
    }
    expect(await page.getByRole("heading", { level: 1 }).allInnerTexts()).toEqual(["Spine Graph"]);
    expect(await page.getByRole("img", { name: /^Sequence of calls/ }).count()).toBe(1);
    expect(await page.evaluate(NAMELESS)).toEqual([]);
    expect(await page.evaluate(DOUBLED_IDS)).toEqual([]);
    expect(await page.evaluate("document.documentElement.lang")).toBe("en-GB");
  });

  test.each(["light", "dark"] as const)(
    "fits a phone without sideways scrolling (%s)",
    async (colorScheme) => {
      const { page, operation, answer, bars } = await open({ width: 390, height: 844, colorScheme });
      const overflow = () => page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(await overflow()).toBe(0);
      await operation("The card").click();
      await answer.getByText('"Ada Quill"').waitFor();
      expect(await bars.count()).toBe(8);
      expect(await overflow()).toBe(0);
      // What was asked for is what is seen: the list has folded and the answer is in view.
      expect(
        await page.getByRole("button", { name: "Operations: The card" }).getAttribute("aria-expanded"),
      ).toBe("false");
      expect(await page.evaluate("document.activeElement.getAttribute('aria-labelledby')")).toBe(
        "result-title",
      );
    },
  );
});

const NAMELESS = `[...document.querySelectorAll("button, a, input, select, [role=textbox], [role=tab], summary")]
  .filter((element) => !(element.textContent.trim() || element.ariaLabel || element.labels?.length))
  .map((element) => element.outerHTML)`;

const DOUBLED_IDS = `[...document.querySelectorAll("[id]")]
  .map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index)`;
