import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { describeNeeding } from "../../support/needs.js";
import { bookingOf, resourcesOf } from "../support/bundles.js";
import { Caller } from "../support/caller.js";
import { send } from "../support/wire.js";
import { setUpConsole } from "./console-harness.js";

/** Replaces the clipboard, which a headless browser may refuse. */
const CLIPBOARD = `Object.defineProperty(navigator, "clipboard", {
  value: { writeText: async (text) => { window.copied = text; } },
})`;
const copied = (page: Page) => page.evaluate("copied") as Promise<string>;

describeNeeding("chromium", "the console of the sandbox in a browser", () => {
  const sandboxConsole = setUpConsole();

  test("a call appears by itself, with its status and what was wrong", async () => {
    const { page, rows } = await sandboxConsole.open();
    await page.getByText("No call yet.").waitFor();
    expect(await sandboxConsole.readPatient("9000000008")).toBe(400);
    await rows.first().waitFor();
    expect((await rows.allInnerTexts()).map((text) => text.split("\n"))).toEqual([
      ["400", "PDS", "Patient.read", expect.stringMatching(/^09:41:00$/), "INVALID_RESOURCE_ID"],
    ]);
    await page.getByText("1 call", { exact: true }).waitFor();
  });

  test("a refusal by a practice is shown at both halves of the call, and each leads to the other", async () => {
    expect(await sandboxConsole.searchSlots(30)).toBe(422);
    const { page, rows, detail, button } = await sandboxConsole.open();
    await rows.filter({ hasText: "SSP" }).click();
    await detail.getByRole("heading", { name: "What was wrong" }).waitFor();
    await detail.getByText("INVALID_PARAMETER The range is longer than two weeks").waitFor();
    await detail.getByText("The practice refused it; the proxy passed the refusal on.").waitFor();
    await detail.getByText("P-S2").first().waitFor();
    await detail.getByRole("heading", { name: "What it would have needed" }).waitFor();
    await detail.getByText("A range of 14 days at most: split a longer one").waitFor();
    await button(/^The proxy forwarded it as call/).click();
    await page.getByRole("heading", { name: "Practice: search slot" }).waitFor();
    expect(await rows.and(page.locator("[aria-selected=true]")).innerText()).toMatch(/^422\s+Practice/);
    await button(/^Call \d+ reached the proxy first$/).click();
    await page.getByRole("heading", { name: "SSP: search slot" }).waitFor();
    await detail.getByText('"requested_scope": "organization/*.read"').waitFor();
  });

  test("a call lists the rules that held, with their sentences, and those that were not judged", async () => {
    await sandboxConsole.searchSlots(30);
    await sandboxConsole.searchSlots(7);
    const { rows, detail } = await sandboxConsole.open();
    await rows.filter({ hasText: "422" }).first().click();
    await detail.getByText(/^What was right \(\d+\)$/).click();
    await detail.getByText("P-J4 exp is exactly 300 seconds after iat").waitFor();
    await rows.filter({ hasText: "200" }).filter({ hasText: "search slot" }).first().click();
    await detail.getByText("The service accepted the request.").waitFor();
    await detail.getByText(/^What was right \(\d+\)$/).waitFor();
    expect(await detail.getByText("What was wrong").count()).toBe(0);
  });

  test("the list is filtered by service, outcome, rule and text", async () => {
    await sandboxConsole.searchSlots(30);
    await sandboxConsole.searchSlots(7);
    await sandboxConsole.readPatient("9000000008");
    const { page, rows, button } = await sandboxConsole.open();
    await rows.first().waitFor();
    const shown = async () =>
      (await rows.allInnerTexts()).map((text) => text.split("\n").slice(0, 2).join(" "));
    const choose = (label: string, option: string) =>
      page.getByRole("combobox", { name: label, exact: true }).selectOption(option);

    await choose("Service", "Practice");
    await page.getByText("2 of 9 calls").waitFor();
    expect(await shown()).toEqual(["200 Practice", "422 Practice"]);
    await choose("Outcome", "Refused");
    await page.getByText("1 of 9 calls").waitFor();
    await choose("Service", "all");
    await page.getByText("3 of 9 calls").waitFor();
    await choose("Rule", "INVALID_RESOURCE_ID");
    await page.getByText("1 of 9 calls").waitFor();
    expect(await shown()).toEqual(["400 PDS"]);
    await choose("Rule", "P-S2");
    await page.getByText("1 of 9 calls").waitFor();
    expect(await shown()).toEqual(["422 Practice"]);
    await page.getByRole("searchbox").fill("9000000008");
    await page.getByText("No call matches the filter.").waitFor();
    await button("Show all").click();
    await page.getByText("9 calls", { exact: true }).waitFor();
  });

  test("the copied curl command repeats a call with the same result", async () => {
    await sandboxConsole.searchSlots(7);
    const { page, rows, button } = await sandboxConsole.open();
    await page.evaluate(CLIPBOARD);
    for (const [service, expected] of [
      ["SSP", '"resourceType":"Bundle"'],
      ["Practice", '"resourceType":"Bundle"'],
      ["SDS", "nhsSpineASID"],
    ] as const) {
      await rows.filter({ hasText: service }).first().click();
      await page.evaluate("copied = ''");
      await button("Copy as curl").click();
      await page.waitForFunction("copied !== ''");
      const { stdout } = await promisify(execFile)("sh", ["-c", await copied(page)], { maxBuffer: 1e8 });
      expect(stdout).toContain(expected);
    }
  });

  test("the copied curl command of a booking books, and holds no secret of the proxy", async () => {
    const { sandbox, clock } = sandboxConsole;
    const caller = await Caller.of(sandbox, clock, "T81001");
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const patientId = await caller.patientId("9000000009");
    const [slot] = resourcesOf(json, "Slot");
    await caller.book(bookingOf(json, [slot], patientId));
    const { page, rows, button, detail } = await sandboxConsole.open();
    await page.evaluate(CLIPBOARD);
    await rows.filter({ hasText: "SSP" }).first().click();
    await button("Copy as curl").click();
    await page.getByText("The curl command was copied.").waitFor();
    const command = await copied(page);
    expect(command).not.toContain("x-sandbox-proxy");
    await rows.filter({ hasText: "Practice" }).first().click();
    await detail.getByText('"resourceType": "Appointment"').waitFor();
    expect(await detail.innerText()).not.toContain("x-sandbox-proxy");
    // The same slot a second time: the practice understands the request and refuses it.
    const { stdout } = await promisify(execFile)("sh", ["-c", command]);
    expect(stdout).toContain("DUPLICATE_REJECTED");
  });

  test("the clock is frozen, advanced, set, and taken to both changes of the clocks", async () => {
    const { clock } = sandboxConsole;
    const { page, button, toggle } = await sandboxConsole.open();
    await page.getByText("Clock: 09:41:00", { exact: true }).waitFor();
    await toggle("Frozen").click();
    await page.getByText("Clock: 09:41:00, frozen").waitFor();
    expect([clock.isFrozen, await toggle("Frozen").getAttribute("aria-checked")]).toEqual([true, "true"]);

    await button(/^forward \(29 Mar 2026\)/).click();
    await page.getByText("Clock: 00:59:50, frozen").waitFor();
    await page.getByText(/Greenwich Mean Time/).waitFor();
    await button("1 min").click();
    await page.getByText("Clock: 02:00:50, frozen").waitFor();
    await page.getByText(/British Summer Time/).waitFor();

    await button(/^back \(25 Oct 2026\)/).click();
    await page.getByText("Clock: 01:59:50, frozen").waitFor();
    await button("1 min").click();
    await page.getByText("Clock: 01:00:50, frozen").waitFor();
    await page.getByText(/Greenwich Mean Time/).waitFor();

    await page.getByLabel("Set to (UTC)").fill("2027-06-01T08:30");
    await button("Set").click();
    await page.getByText("Clock: 09:30:00, frozen").waitFor();
    expect(clock.now()).toBe(Date.parse("2027-06-01T08:30:00Z"));
    await toggle("Frozen").click();
    await page.getByText("Clock: 09:30:00", { exact: true }).waitFor();
    expect(clock.isFrozen).toBe(false);
  });

  test("presets are switched on and off without touching other faults", async () => {
    const { sandbox } = sandboxConsole;
    sandbox.faults.add({ service: "SDS", kind: "hang" });
    const { page, toggle } = await sandboxConsole.open();
    await toggle("8am-rush").click();
    await page.getByText("8am-rush is on.").waitFor();
    expect(await toggle("8am-rush").getAttribute("aria-checked")).toBe("true");
    expect(sandbox.faults.list()).toHaveLength(4);
    await toggle("8am-rush").click();
    await page.getByText("8am-rush is off.").waitFor();
    expect(sandbox.faults.list()).toMatchObject([{ service: "SDS", kind: "hang" }]);
  });

  test("a switch takes a service down, and the calls say that a fault was the reason", async () => {
    const { page, toggle, rows, detail } = await sandboxConsole.open();
    await page.getByText("Faults (0 active)").click();
    await toggle("PDS").click();
    await page.getByText("PDS down is on.").waitFor();
    await expect(sandboxConsole.readPatient()).rejects.toThrow();
    await rows.filter({ hasText: "Fault: connection reset" }).click();
    await detail
      .getByText("A fault applied to this call: connection reset. The request itself may be right.")
      .waitFor();
    await toggle("PDS").click();
    await page.getByText("PDS down is off.").waitFor();
    expect(await sandboxConsole.readPatient()).toBe(200);
  });

  test("the form adds a fault at one practice, and it can be removed", async () => {
    const { sandbox } = sandboxConsole;
    const { page, button } = await sandboxConsole.open();
    await page.getByText("Faults (0 active)").click();
    await page.getByText("Add a fault").click();
    const form = page.locator(".fault-form");
    await form.getByRole("combobox", { name: "Service" }).selectOption("Practice");
    await form.getByRole("combobox", { name: "Kind" }).selectOption("Error, then late commit");
    await form.getByRole("textbox", { name: "Practice" }).fill("T81001");
    await form.getByLabel("Times").fill("2");
    await button("Add fault").click();
    await page
      .getByText("Practice T81001: status 503, and the commit 2 s later, 2 more times", { exact: true })
      .waitFor();
    expect(sandbox.faults.list()).toMatchObject([
      { service: "PRACTICE", odsCode: "T81001", times: 2, kind: { lateCommit: { delayMs: 2000 } } },
    ]);
    await button(/^Remove the fault: Practice T81001/).click();
    await page.getByText("No fault is active.").first().waitFor();
    expect(sandbox.faults.list()).toEqual([]);
  });

  test("a refusal of the control API is shown as the API words it", async () => {
    sandboxConsole.allowFailedRequests();
    const { page, button } = await sandboxConsole.open();
    await page.getByText("Faults (0 active)").click();
    await page.getByText("Add a fault").click();
    const form = page.locator(".fault-form");
    await form.getByLabel("Status").fill("999");
    await form.evaluate((element) => element.querySelector("form")?.setAttribute("novalidate", ""));
    await button("Add fault").click();
    await page.getByText("status must be a number from 200 to 599").waitFor();
    await button("Dismiss").click();
    expect(await page.getByText("status must be a number").count()).toBe(0);
  });

  test("Reset discards the calls, the faults and the time, and Clear the calls alone", async () => {
    const { sandbox, clock } = sandboxConsole;
    sandbox.faults.add({ service: "SDS", kind: "hang" });
    clock.advance(3_600_000);
    await sandboxConsole.readPatient();
    const { page, rows, button } = await sandboxConsole.open();
    await rows.first().waitFor();
    await button("Clear").click();
    await page.getByText("No call yet.").waitFor();
    expect([sandbox.requests.length, sandbox.faults.list().length]).toEqual([0, 1]);
    await sandboxConsole.readPatient();
    await rows.first().waitFor();
    await button("Reset").click();
    await page.getByText("Clock: 09:41:00").waitFor();
    await page.getByText("No call yet.").waitFor();
    await page.getByText("Faults (0 active)").waitFor();
  });

  test("Pause holds the list while calls arrive, and Clear empties a list that is held", async () => {
    const { page, rows, button } = await sandboxConsole.open();
    await sandboxConsole.readPatient();
    await rows.first().waitFor();
    await button("Pause").click();
    await sandboxConsole.readPatient();
    // The next fetch shows the new time, and the call came before it.
    sandboxConsole.clock.advance(60_000);
    await page.getByText("Clock: 09:42:00").waitFor();
    expect(await rows.count()).toBe(1);
    expect(await button("Pause").getAttribute("aria-pressed")).toBe("true");
    await button("Pause").click();
    await page.getByText("2 calls", { exact: true }).waitFor();
    await button("Pause").click();
    await button("Clear").click();
    await page.getByText("No call yet.").waitFor();
    expect(await button("Pause").getAttribute("aria-pressed")).toBe("false");
  });

  test("selecting a persona or an address copies it", async () => {
    const { page, button } = await sandboxConsole.open();
    await page.evaluate(CLIPBOARD);
    await page.getByText("Sandbox patients and practices").click();
    await button(/^Mr Owen Bellweather/).click();
    await page.getByText("9990000018 was copied.").waitFor();
    expect(await copied(page)).toBe("9990000018");
    await page.getByRole("heading", { name: "Addresses" }).click();
    await button(/^SSP/).click();
    await page.getByText("The address was copied.").waitFor();
    expect(await copied(page)).toBe(sandboxConsole.sandbox.urls.ssp);
  });

  test("what a caller sends is shown as text, whatever it holds", async () => {
    const attack = "<img src=x onerror=alert(1)>";
    await send(`${sandboxConsole.sandbox.urls.gateway}/pds/Patient/${encodeURIComponent(attack)}`, {
      headers: { "x-request-id": attack, "x-more": attack },
    });
    const { page, rows, detail } = await sandboxConsole.open();
    await rows.first().click();
    await detail.getByText(attack).first().waitFor();
    expect(await page.locator("img").count()).toBe(0);
  });

  test("the page says when the sandbox has ended", async () => {
    sandboxConsole.allowFailedRequests();
    const { page } = await sandboxConsole.open();
    await page.route("**/__sandbox**", (route) => route.abort());
    await page.getByText("The sandbox does not respond.").waitFor();
    await page.unrouteAll();
    await page.getByText("The sandbox does not respond.").waitFor({ state: "detached" });
  });
});
