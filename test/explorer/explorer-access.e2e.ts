import { describeNeeding } from "../support/needs.js";
import { setUpExplorer } from "./explorer-harness.js";

const UNNAMED = `[...document.querySelectorAll("button, a, input, select, [role=textbox], [role=tab], summary")]
  .filter((element) => !(element.textContent.trim() || element.ariaLabel || element.labels?.length))
  .map((element) => element.outerHTML)`;

const DUPLICATE_IDS = `[...document.querySelectorAll("[id]")]
  .map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index)`;

describeNeeding("chromium", "the explorer: keyboard, screen reader and phone", () => {
  const explorer = setUpExplorer();

  test("the keyboard reaches every operation, and Enter runs it", async () => {
    const { page, response } = await explorer.open();
    const focused: unknown[] = [];
    while (!String(focused.at(-1)).startsWith("Several") && focused.length < 12) {
      await page.keyboard.press("Tab");
      focused.push(await page.evaluate("document.activeElement.textContent"));
    }
    expect(focused.slice(0, 3)).toEqual(["Skip to the query", "New session", "Schema docs"]);
    expect(focused).toHaveLength(6);
    await page.keyboard.press("Enter");
    await response.getByText('"Elm Street Surgery"').waitFor();
  });

  test("the keyboard moves the splitter and leaves the editors", async () => {
    const { page, query } = await explorer.open();
    const splitter = page.getByRole("separator", { name: "Height of the upstream calls" });
    await splitter.press("ArrowUp");
    expect(await splitter.getAttribute("aria-valuenow")).toBe("49");
    await query.focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.ariaLabel")).toBe("Variables, as JSON");
  });

  test("the page has landmarks, one main heading and a name for every control", async () => {
    const { page, operation, calls } = await explorer.open();
    await operation("The card").click();
    await calls.getByText("8 calls:").waitFor();
    for (const role of ["banner", "main", "navigation", "contentinfo"] as const) {
      expect([role, await page.getByRole(role).count()]).toEqual([role, 1]);
    }
    expect(await page.getByRole("heading", { level: 1 }).allInnerTexts()).toEqual(["Spine Graph"]);
    expect(await page.getByRole("img", { name: /^Sequence of upstream calls/ }).count()).toBe(1);
    expect(await page.evaluate(UNNAMED)).toEqual([]);
    expect(await page.evaluate(DUPLICATE_IDS)).toEqual([]);
    expect(await page.evaluate("document.documentElement.lang")).toBe("en-GB");
  });

  test.each(["light", "dark"] as const)(
    "the page fits a phone without horizontal scrolling (%s)",
    async (colorScheme) => {
      const { page, operation, response, bars } = await explorer.open({
        width: 390,
        height: 844,
        colorScheme,
      });
      const overflow = () => page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(await overflow()).toBe(0);
      await operation("The card").click();
      await response.getByText('"Ada Quill"').waitFor();
      expect(await bars.count()).toBe(8);
      expect(await overflow()).toBe(0);
      // The operations list has closed, and the response has the focus.
      expect(
        await page.getByRole("button", { name: "Operations: The card" }).getAttribute("aria-expanded"),
      ).toBe("false");
      expect(await page.evaluate("document.activeElement.getAttribute('aria-labelledby')")).toBe(
        "response-title",
      );
    },
  );
});
