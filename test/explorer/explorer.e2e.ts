import { describeNeeding } from "../support/needs.js";
import { setUpExplorer } from "./explorer-harness.js";

describeNeeding("chromium", "the explorer in a browser", () => {
  const explorer = setUpExplorer();

  test("the sidebar lists the operations in teaching order, each with one sentence", async () => {
    const { page } = await explorer.open();
    const items = page.getByRole("navigation", { name: "Documented operations" }).getByRole("listitem");
    expect(await items.allInnerTexts()).toEqual([
      // The open operation shows its whole description.
      expect.stringMatching(/^Who is this patient\?\s+One call to PDS.*\. The name is as PDS holds it\.$/s),
      expect.stringMatching(/^The card: .*\s+Everything an app shows of a patient, in one question\.$/s),
      expect.stringContaining("Several practices at once"),
      expect.stringMatching(/Book it\s*mutation/),
    ]);
    expect(explorer.sent()).toEqual([]);
  });

  test("selecting a query runs it, shows the response and draws the upstream calls", async () => {
    const { operation, response, calls, bars } = await explorer.open();
    await operation("The card").click();
    await response.getByText('"Ada Quill"').waitFor();
    expect(await bars.count()).toBe(8);
    expect(await calls.innerText()).toContain(
      "8 calls: 1 PDS, 4 SDS, 2 SSP, 1 V&M; at most 3 at the same time.",
    );
    expect(await calls.innerText()).toContain("PDS 1 miss · SDS 2 misses, 1 shared · SSP 1 miss");
    expect(explorer.sent()).toEqual([
      {
        operationName: "Card",
        variables: { nhsNumber: "9000000009" },
        session: expect.any(String),
        trace: "1",
      },
    ]);
  });

  test("a repeated query in a session makes fewer calls; a new session makes all of them", async () => {
    const { page, operation, calls, run } = await explorer.open();
    await operation("The card").click();
    await calls.getByText("8 calls:").waitFor();
    await run.click();
    await calls.getByText("2 calls:").waitFor();
    await calls.getByText("previous run: 8 calls; the session cache saved 6").waitFor();
    await page.getByRole("button", { name: "New session" }).click();
    await run.click();
    await calls.getByText("8 calls:").waitFor();
    const sessions = explorer.sent().map(({ session }) => session);
    expect(sessions[1]).toBe(sessions[0]);
    expect(sessions[2]).not.toBe(sessions[0]);
  });

  test("a failed call is marked by text as well as by colour, and its error is shown above the response", async () => {
    const { page, operation, variables, bars, calls } = await explorer.open();
    await operation("Several practices").click();
    await calls.getByText("4 calls:").waitFor();
    expect(await bars.count()).toBe(4);
    await calls.getByText(/T81002 · timeout/).waitFor();
    await calls.getByText("as a table").click();
    const cells = calls.getByRole("row", { name: /T81002/ }).getByRole("cell");
    expect(await cells.allInnerTexts()).toEqual([
      "read organization",
      "T81002",
      "14 ms",
      "120 ms",
      "UPSTREAM_TIMEOUT",
    ]);
    await page.getByText("Sandbox patients and practices").click();
    await operation("Harbour Practice").click();
    await variables.getByText('"T81002"').waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    const errors = page.getByRole("list", { name: "Errors" });
    expect(await errors.innerText()).toContain("UPSTREAM_TIMEOUT The practice did not respond in time.");
  });

  test("selecting a patient sets the variable, and Run sends it", async () => {
    const { page, operation, variables, response, run } = await explorer.open();
    await page.getByText("Sandbox patients and practices").click();
    await operation("Tom Reed").click();
    await variables.getByText('"9000000025"').waitFor();
    expect(explorer.sent()).toEqual([]);
    await run.click();
    await response.getByText('"Tom Reed"').waitFor();
    expect(explorer.sent()[0]?.variables).toEqual({ nhsNumber: "9000000025" });
  });

  test("a mutation waits for Run and uses a value of an earlier response", async () => {
    const { page, operation, response, variables, run } = await explorer.open();
    await operation("Book it").click();
    await page.getByText("Needs Slot.id").waitFor();
    await operation("The card").click();
    await response.getByText('"slot-one"').waitFor();
    await operation("Book it").click();
    await variables.getByText('"slot-one"').waitFor();
    await page.getByText("Press Run when you are ready").waitFor();
    expect(explorer.sent().map(({ operationName }) => operationName)).toEqual(["Card"]);
    expect(await run.innerText()).toBe("Run mutation");
    await run.click();
    await response.getByText('"booked-one"').waitFor();
    expect(explorer.sent()[1]).toMatchObject({
      operationName: "Book",
      variables: { input: { nhsNumber: "9000000009", slotIds: ["slot-one"], description: "Review" } },
    });
  });

  test("the editor completes from the schema, marks errors and loses no fast typing", async () => {
    const { page, query, response } = await explorer.open();
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
    await response.getByText('"chargeableStatus"').waitFor();
    expect(explorer.sent()[0]).toMatchObject({ operationName: "Mine" });
  });

  test("variables that are not JSON are rejected before a request is sent", async () => {
    const { page, variables, run } = await explorer.open();
    await variables.press("Control+a");
    await page.keyboard.type("{ nhsNumber: 1 }");
    await run.click();
    await page.getByText("Variables are not valid JSON").waitFor();
    expect(explorer.sent()).toEqual([]);
  });

  test("the keyboard searches, browses and closes the schema documentation", async () => {
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

  test("the Apollo Sandbox link points at this server and sends no referrer", async () => {
    const { page } = await explorer.open();
    const link = page.getByRole("link", { name: /Open in Apollo Sandbox/ });
    expect(await link.getAttribute("href")).toBe(
      `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(`${explorer.url()}/graphql`)}`,
    );
    expect(await link.getAttribute("rel")).toBe("noreferrer noopener");
  });
});
