import { describeNeeding } from "../support/needs.js";
import { useExplorer } from "./use-explorer.js";

const NAMELESS = `[...document.querySelectorAll("button, a, input, select, [role=textbox], [role=tab], summary")]
  .filter((element) => !(element.textContent.trim() || element.ariaLabel || element.labels?.length))
  .map((element) => element.outerHTML)`;

const DOUBLED_IDS = `[...document.querySelectorAll("[id]")]
  .map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index)`;

describeNeeding("chromium", "the explorer for every person and screen", () => {
  const explorer = useExplorer();

  test("every operation is within reach of the keyboard, and Enter runs it", async () => {
    const { page, answer } = await explorer.open();
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
    const { page, query } = await explorer.open();
    const splitter = page.getByRole("separator", { name: "Height of the walk" });
    await splitter.press("ArrowUp");
    expect(await splitter.getAttribute("aria-valuenow")).toBe("49");
    await query.focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.ariaLabel")).toBe("Variables, as JSON");
  });

  test("has landmarks, one main heading, and a name for everything that can be pressed", async () => {
    const { page, operation, walk } = await explorer.open();
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
      const { page, operation, answer, bars } = await explorer.open({ width: 390, height: 844, colorScheme });
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
