import { describeNeeding } from "../support/needs.js";
import { useExplorer } from "./use-explorer.js";

describeNeeding("chromium", "the explorer in a browser", () => {
  const explorer = useExplorer();

  test("lists the operations in teaching order, each with one sentence", async () => {
    const { page } = await explorer.open();
    const items = page.getByRole("navigation", { name: "Documented operations" }).getByRole("listitem");
    expect(await items.allInnerTexts()).toEqual([
      // The one that is open is told in full.
      expect.stringMatching(/^Who is this patient\?\s+One call to PDS.*\. The name is as PDS holds it\.$/s),
      expect.stringMatching(/^The card: .*\s+Everything an app shows of a patient, in one question\.$/s),
      expect.stringContaining("Several practices at once"),
      expect.stringMatching(/Book it\s*mutation/),
    ]);
    expect(explorer.sent()).toEqual([]);
  });

  test("a press on a query runs it, shows its answer and draws its walk", async () => {
    const { operation, answer, walk, bars } = await explorer.open();
    await operation("The card").click();
    await answer.getByText('"Ada Quill"').waitFor();
    expect(await bars.count()).toBe(8);
    expect(await walk.innerText()).toContain(
      "8 calls: 1 PDS, 4 SDS, 2 SSP, 1 V&M; 3 at the same time at most.",
    );
    expect(await walk.innerText()).toContain("PDS 1 miss · SDS 2 misses, 1 shared · SSP 1 miss");
    expect(explorer.sent()).toEqual([
      {
        operationName: "Card",
        variables: { nhsNumber: "9000000009" },
        session: expect.any(String),
        trace: "1",
      },
    ]);
  });

  test("the same session costs less, a new session costs all again", async () => {
    const { page, operation, walk, run } = await explorer.open();
    await operation("The card").click();
    await walk.getByText("8 calls:").waitFor();
    await run.click();
    await walk.getByText("2 calls:").waitFor();
    await walk.getByText("last time 8 calls").waitFor();
    await page.getByRole("button", { name: "New session" }).click();
    await run.click();
    await walk.getByText("8 calls:").waitFor();
    const sessions = explorer.sent().map(({ session }) => session);
    expect(sessions[1]).toBe(sessions[0]);
    expect(sessions[2]).not.toBe(sessions[0]);
  });

  test("a failed call is told by word as well as by colour, and the error stands above the answer", async () => {
    const { page, operation, variables, bars, walk } = await explorer.open();
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
    const { page, operation, variables, answer, run } = await explorer.open();
    await page.getByText("Sandbox cast").click();
    await operation("Tom Reed").click();
    await variables.getByText('"9000000025"').waitFor();
    expect(explorer.sent()).toEqual([]);
    await run.click();
    await answer.getByText('"Tom Reed"').waitFor();
    expect(explorer.sent()[0]?.variables).toEqual({ nhsNumber: "9000000025" });
  });

  test("a mutation waits for Run, and goes on from what an earlier answer showed", async () => {
    const { page, operation, answer, variables, run } = await explorer.open();
    await operation("Book it").click();
    await page.getByText("Needs Slot.id").waitFor();
    await operation("The card").click();
    await answer.getByText('"slot-one"').waitFor();
    await operation("Book it").click();
    await variables.getByText('"slot-one"').waitFor();
    await page.getByText("Press Run when you are ready").waitFor();
    expect(explorer.sent().map(({ operationName }) => operationName)).toEqual(["Card"]);
    expect(await run.innerText()).toBe("Run mutation");
    await run.click();
    await answer.getByText('"booked-one"').waitFor();
    expect(explorer.sent()[1]).toMatchObject({
      operationName: "Book",
      variables: { input: { nhsNumber: "9000000009", slotIds: ["slot-one"], description: "Review" } },
    });
  });

  test("the editor completes from the schema, marks faults and keeps what is typed at speed", async () => {
    const { page, query, answer } = await explorer.open();
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
    expect(explorer.sent()[0]).toMatchObject({ operationName: "Mine" });
  });

  test("variables that are not JSON are refused before anything is sent", async () => {
    const { page, variables, run } = await explorer.open();
    await variables.press("Control+a");
    await page.keyboard.type("{ nhsNumber: 1 }");
    await run.click();
    await page.getByText("Variables are not JSON").waitFor();
    expect(explorer.sent()).toEqual([]);
  });

  test("the documentation is searched, walked through and left by keyboard", async () => {
    const { page } = await explorer.open();
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
    const { page } = await explorer.open();
    const link = page.getByRole("link", { name: /Open in Apollo Sandbox/ });
    expect(await link.getAttribute("href")).toBe(
      `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(`${explorer.url()}/graphql`)}`,
    );
    expect(await link.getAttribute("rel")).toBe("noreferrer noopener");
  });
});
