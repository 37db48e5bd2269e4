import { axeScript, DUPLICATE_IDS, UNNAMED_CONTROLS } from "../support/accessibility.js";
import { describeNeeding } from "../support/needs.js";
import { setUpExplorer } from "./explorer-harness.js";

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
    expect(await page.evaluate(UNNAMED_CONTROLS)).toEqual([]);
    expect(await page.evaluate(DUPLICATE_IDS)).toEqual([]);
    expect(await page.evaluate("document.documentElement.lang")).toBe("en-GB");
  });

  test.each(["light", "dark"] as const)(
    "the page fits a phone without horizontal scrolling (%s)",
    async (colorScheme) => {
      const { page, operation, response, bars } = await explorer.open({
        width: 360,
        height: 740,
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

describeNeeding("clients", "accessibility of the explorer", () => {
  describeNeeding("chromium", "in Chromium", () => {
    const explorer = setUpExplorer();

    test.each([
      [1280, "light"],
      [1280, "dark"],
      [360, "light"],
      [360, "dark"],
    ] as const)("axe-core finds no violation at %i px (%s)", async (width, colorScheme) => {
      const { page, operation, calls } = await explorer.open({ width, height: 740, colorScheme });
      await page.getByText(/^Cost: /).waitFor();
      expect(await page.evaluate(axeScript())).toEqual([]);

      await operation("Several practices").click();
      await calls.getByText("4 calls:").waitFor();
      await calls.getByText("as a table").click();
      await page.getByText("History (1 operation)").click();
      await page.getByText("Sandbox patients and practices").click();
      expect(await page.evaluate(axeScript())).toEqual([]);

      await page.getByRole("button", { name: "Schema docs" }).click();
      await page.keyboard.type("free");
      await page.getByText("cost 5 for each of about 50").waitFor();
      expect(await page.evaluate(axeScript())).toEqual([]);
      await page.getByRole("button", { name: "Practice.freeSlots" }).click();
      await page.getByRole("heading", { name: "type Practice" }).waitFor();
      expect(await page.evaluate(axeScript())).toEqual([]);
    });

    test("the keyboard alone opens an earlier run, copies a link and copies the picture", async () => {
      const { page, operation, calls } = await explorer.open({ width: 360, height: 740 });
      const press = (name: string | RegExp) => page.getByRole("button", { name }).press("Enter");
      await operation("The card").press("Enter");
      await calls.getByText("8 calls:").waitFor();
      await page.evaluate(
        `Object.defineProperty(navigator, "clipboard", { value: { writeText: async () => {} } })`,
      );
      await press("Copy as SVG");
      await page.getByText("copied to the clipboard as SVG").waitFor();
      await press("Copy link");
      await page.getByText("The link was copied").waitFor();
      await page.locator("summary", { hasText: "History" }).press("Enter");
      await press(/^Card/);
      await page.getByText("Press Run when you are ready.").waitFor();
    });
  });
});
