import { axeScript, DUPLICATE_IDS, UNNAMED_CONTROLS } from "../../support/accessibility.js";
import { describeNeeding } from "../../support/needs.js";
import { setUpConsole } from "./console-harness.js";

const FOCUSED = "document.activeElement.textContent || document.activeElement.ariaLabel";
const OVERFLOW = "document.documentElement.scrollWidth - innerWidth";

describeNeeding("chromium", "the console of the sandbox: keyboard, screen reader and phone", () => {
  const sandboxConsole = setUpConsole();

  test("the keyboard alone freezes the clock, switches a preset, filters, selects a call and resets", async () => {
    const { sandbox, clock } = sandboxConsole;
    await sandboxConsole.searchSlots(30);
    await sandboxConsole.readPatient();
    const { page, rows } = await sandboxConsole.open();
    await rows.first().waitFor();
    /** Presses Tab until the focus is on the element. */
    const tabTo = async (text: string | RegExp) => {
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press("Tab");
        const focused = String(await page.evaluate(FOCUSED));
        if (typeof text === "string" ? focused === text : text.test(focused)) return;
      }
      throw new Error(`Tab does not reach ${text}`);
    };
    await tabTo("Skip to the calls");
    await tabTo("Frozen");
    await page.keyboard.press("Space");
    await page.getByText(/^Clock: .*, frozen$/).waitFor();
    expect(clock.isFrozen).toBe(true);
    await tabTo(/^slow-pds/);
    await page.keyboard.press("Enter");
    await page.getByText("slow-pds is on.").waitFor();
    expect(sandbox.faults.list()).toMatchObject([{ service: "PDS" }]);
    await tabTo("Search in practice, path and reason");
    await page.keyboard.type("two weeks");
    await page.getByText("1 of 5 calls").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Practice: search slot" }).waitFor();
    await tabTo("Copy as curl");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.ariaLabel")).toBe("Details of the call");
    await page.keyboard.press("Shift+Tab");
    await page.evaluate("document.activeElement.blur()");
    await tabTo("Reset");
    await page.keyboard.press("Enter");
    await page.getByText("The sandbox is as it was at its start.").waitFor();
    expect([clock.isFrozen, sandbox.faults.list(), sandbox.requests]).toEqual([false, [], []]);
  });

  test("the list of calls is one tab stop, and the arrow keys, Home and End select in it", async () => {
    for (let count = 0; count < 4; count += 1) await sandboxConsole.readPatient();
    const { page, rows } = await sandboxConsole.open();
    await rows.first().waitFor();
    const selected = async () => ({
      call: (await page.locator("[aria-selected=true]").count()) === 1,
      detail: (await page.getByText(/^Call \d, received/).innerText()).slice(0, 6),
      stops: await page.locator("[role=option][tabindex='0']").count(),
    });
    await rows.first().focus();
    for (const [key, detail] of [
      ["ArrowDown", "Call 4"],
      ["ArrowDown", "Call 3"],
      ["ArrowUp", "Call 4"],
      ["ArrowUp", "Call 4"],
      ["End", "Call 1"],
      ["ArrowDown", "Call 1"],
      ["Home", "Call 4"],
    ] as const) {
      await page.keyboard.press(key);
      expect([key, await selected()]).toEqual([key, { call: true, detail, stops: 1 }]);
      expect(await page.evaluate("document.activeElement.ariaSelected")).toBe("true");
    }
    // A new call does not take the focus or the selection away.
    await sandboxConsole.readPatient();
    await page.getByText("5 calls", { exact: true }).waitFor();
    expect(await selected()).toEqual({ call: true, detail: "Call 4", stops: 1 });
    expect(await page.evaluate("document.activeElement.ariaSelected")).toBe("true");
  });

  test("the page has landmarks, one main heading, a name for every control and no duplicate id", async () => {
    await sandboxConsole.searchSlots(30);
    const { page, rows } = await sandboxConsole.open();
    await rows.first().click();
    for (const role of ["banner", "main", "complementary", "search", "listbox"] as const) {
      expect([role, await page.getByRole(role).count()]).toEqual([role, 1]);
    }
    expect(await page.getByRole("heading", { level: 1 }).allInnerTexts()).toEqual(["Spine sandbox"]);
    expect(await page.getByRole("switch", { name: "8am-rush", exact: true }).count()).toBe(1);
    expect(await page.evaluate(UNNAMED_CONTROLS)).toEqual([]);
    expect(await page.evaluate(DUPLICATE_IDS)).toEqual([]);
    expect(await page.evaluate("document.documentElement.lang")).toBe("en-GB");
  });

  test("a screen reader hears of new calls and of what an action did, politely", async () => {
    await sandboxConsole.readPatient();
    const { page, rows, toggle } = await sandboxConsole.open();
    await rows.first().waitFor();
    const statuses = page.getByRole("status");
    // The calls of before are no news.
    expect((await statuses.allInnerTexts()).join("").trim()).toBe("");
    await sandboxConsole.readPatient("9000000008");
    await statuses.getByText("Call 2: PDS Patient.read, 400.").waitFor();
    await sandboxConsole.readPatient("9000000008");
    await statuses.getByText("Call 3: PDS Patient.read, 400.").waitFor();
    await toggle("Frozen").click();
    await statuses.getByText("The clock is frozen.").waitFor();
    expect(await page.locator("[aria-live=assertive], [role=alert]").count()).toBe(0);
  });

  test.each(["light", "dark"] as const)(
    "the page fits a phone without horizontal scrolling, and a selected call takes the focus (%s)",
    async (colorScheme) => {
      await sandboxConsole.searchSlots(30);
      const { page, rows } = await sandboxConsole.open({ width: 360, height: 740, colorScheme });
      await rows.first().waitFor();
      expect(await page.evaluate(OVERFLOW)).toBe(0);
      // The sidebar is closed: the list of calls is on the first screen.
      expect((await rows.first().boundingBox())?.y).toBeLessThan(740);
      await rows.first().click();
      expect(await page.evaluate("document.activeElement.id")).toBe("call");
      for (const title of ["Clock: 09:41:00", "Presets", "Faults (0 active)", "Addresses"]) {
        await page.getByRole("heading", { name: title }).click();
      }
      await page.getByText("Add a fault").click();
      await page.getByText("Sandbox patients and practices").click();
      expect(await page.evaluate(OVERFLOW)).toBe(0);
    },
  );
});

describeNeeding("clients", "accessibility of the sandbox's console", () => {
  describeNeeding("chromium", "in Chromium", () => {
    const sandboxConsole = setUpConsole();

    test.each([
      [1280, "light"],
      [1280, "dark"],
      [360, "light"],
      [360, "dark"],
    ] as const)("axe-core finds no violation at %i px (%s)", async (width, colorScheme) => {
      const { page, rows, toggle } = await sandboxConsole.open({ width, height: 740, colorScheme });
      await page.getByText("No call yet.").waitFor();
      expect(await page.evaluate(axeScript())).toEqual([]);
      sandboxConsole.sandbox.faults.add({ service: "VM", kind: "hang" });
      await sandboxConsole.searchSlots(30);
      await sandboxConsole.readPatient();
      await rows.filter({ hasText: "SSP" }).click();
      if (width < 900) {
        await page.getByRole("heading", { name: "Clock: 09:41:00" }).click();
        await page.getByRole("heading", { name: "Presets" }).click();
      }
      await page.getByText("Faults (1 active)").click();
      await page.getByText("Add a fault").click();
      await page.getByRole("heading", { name: "Addresses" }).click();
      await page.getByText("Sandbox patients and practices").click();
      await toggle("slow-pds").click();
      await page.getByText("slow-pds is on.").waitFor();
      expect(await page.evaluate(axeScript())).toEqual([]);
    });
  });
});
