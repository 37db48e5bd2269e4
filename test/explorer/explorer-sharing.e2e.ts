import { describeNeeding } from "../support/needs.js";
import { setUpExplorer } from "./explorer-harness.js";

const OTHER_NUMBER = "9990000042";
const STORED = "JSON.stringify(Object.entries(localStorage))";
/** Replaces the clipboard, which a headless browser may refuse. */
const CLIPBOARD = `Object.defineProperty(navigator, "clipboard", {
  value: { writeText: async (text) => { window.copied = text; } },
})`;
const link = (operation: string, variables: object) =>
  `/?${new URLSearchParams({ operation, variables: JSON.stringify(variables) })}`;

describeNeeding("chromium", "the explorer: links, history, price and picture", () => {
  const explorer = setUpExplorer();

  test("a link fills the editors and leaves the address; its mutation waits for Run", async () => {
    const input = { nhsNumber: OTHER_NUMBER, slotIds: ["slot-one"], description: "Review" };
    const { page, variables, response, run } = await explorer.open({ path: link("04-book", { input }) });
    await variables.getByText(OTHER_NUMBER).waitFor();
    await page.getByText("The link has filled the editors").waitFor();
    expect(page.url()).toBe(`${explorer.url()}/#04-book`);
    expect(explorer.sent()).toEqual([]);
    await run.click();
    await response.getByText('"booked-one"').waitFor();
  });

  test("a link with the text of a query fills the query editor", async () => {
    const { query, page } = await explorer.open({ path: link("query Mine { __typename }", {}) });
    await query.getByText("Mine").waitFor();
    expect(page.url()).toBe(`${explorer.url()}/`);
    expect(explorer.sent()).toEqual([]);
  });

  test("the copied link leaves out the NHS number of a patient and says so", async () => {
    const { page } = await explorer.open({ path: link("02-card", { nhsNumber: OTHER_NUMBER }) });
    await page.evaluate(CLIPBOARD);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("The link was copied to the clipboard without nhsNumber.").waitFor();
    expect(await page.evaluate("copied")).toBe(`${explorer.url()}/?operation=02-card&variables=%7B%7D`);
  });

  test("the history restores a run, and the browser never stores the NHS number of a patient", async () => {
    const { page, operation, variables, response, run } = await explorer.open({
      path: link("02-card", { nhsNumber: OTHER_NUMBER }),
    });
    await run.click();
    await response.getByText('"Tom Reed"').waitFor();
    expect(await page.evaluate(STORED)).toContain("Card");
    expect(await page.evaluate(STORED)).not.toContain(OTHER_NUMBER);

    await operation("Several practices").click();
    await page.getByText("History (2 operations)").click();
    const entry = page.getByRole("list", { name: "History" }).getByRole("button", { name: /^Card/ });
    await entry.click();
    await variables.getByText(OTHER_NUMBER).waitFor();

    // The session ends: the number leaves the memory of the history as well.
    await page.getByRole("button", { name: "New session" }).click();
    await entry.click();
    await page.getByText("Enter nhsNumber, then press Run.").waitFor();
    expect(await variables.innerText()).not.toContain(OTHER_NUMBER);

    await page.reload();
    await page.getByText("History (2 operations)").click();
    expect(await page.getByRole("list", { name: "History" }).innerText()).not.toContain(OTHER_NUMBER);
    await page.getByRole("button", { name: "Clear history" }).click();
    await page.getByText("History (0 operations)").waitFor();
    expect(await page.evaluate(STORED)).not.toContain("Card");
  });

  test("the price of the operation is shown before it runs, and again after an edit", async () => {
    const { page, query, run } = await explorer.open();
    await page.getByText("Cost: 1,312 (limit 20,000)").waitFor();
    expect(await run.getAttribute("aria-describedby")).toBe("cost");
    await query.press("Control+a");
    await page.keyboard.type("query tooMuch { __typename");
    await page.getByText("Would be refused: The operation costs 30000, and the limit is 20000.").waitFor();
    expect(explorer.sent()).toEqual([]);
    expect(explorer.priced().length).toBeGreaterThan(1);
  });

  test("the search over the schema shows the price of each field", async () => {
    const { page } = await explorer.open();
    await page.getByRole("button", { name: "Schema docs" }).click();
    const docs = page.getByRole("complementary", { name: "Schema docs" });
    await page.keyboard.type("freeSl");
    await docs.getByText("cost 5 for each of about 50").waitFor();
  });

  test("the diagram is copied as an SVG picture that needs no style sheet", async () => {
    const { page, operation, calls } = await explorer.open();
    await page.evaluate(CLIPBOARD);
    await operation("The card").click();
    await calls.getByText("8 calls:").waitFor();
    await calls.getByRole("button", { name: "Copy as SVG" }).click();
    await page.getByText("The diagram was copied to the clipboard as SVG.").waitFor();
    const svg = String(await page.evaluate("copied"));
    expect(svg).toMatch(/^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain("<title>Sequence of upstream calls");
    expect(svg.match(/<rect[^>]*fill="rgb\(27, 115, 85\)"/g)).toHaveLength(8);
    expect(svg).not.toMatch(/class=|var\(|NaN/);
    expect(
      await page.evaluate(
        `new DOMParser().parseFromString(copied, "image/svg+xml").querySelector("parsererror") === null`,
      ),
    ).toBe(true);
  });
});
