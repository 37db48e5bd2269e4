import type { Browser } from "playwright-core";
import { type BuiltPages, buildPages } from "../support/built-pages.js";
import { TestClock } from "../support/call-context.js";
import { launchChromium, openPage, type WatchedPage } from "../support/chromium.js";
import { describeNeeding } from "../support/needs.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** The first five minutes of a new user, with the mouse only, on the whole server. */
describeNeeding("chromium", "the explorer on the whole server", () => {
  let built: BuiltPages;
  let browser: Browser;
  let graph: RunningGraph;
  let watched: WatchedPage;

  beforeAll(async () => {
    built = buildPages();
    browser = await launchChromium();
    graph = await startGraph({ built: built.folder, clock: new TestClock() });
    watched = await openPage(browser, graph.url);
    // Placeholders need the schema.
    await watched.page.locator("[data-schema=known]").waitFor();
  }, 60_000);

  afterAll(async () => {
    await watched?.close();
    await browser?.close();
    await graph?.close();
    built?.remove();
  });

  const click = (title: string) => watched.page.getByRole("button", { name: title }).click();
  const run = () => watched.page.getByRole("button", { name: /^Run/ }).click();
  const answered = (text: string) =>
    watched.page.getByRole("textbox", { name: "Response, as JSON" }).getByText(text).first().waitFor();

  test("a user queries the card, books a slot, finds the appointment and cancels it", async () => {
    await click("Everything in one query");
    await answered('"Ms Rosalind May ASHCOMBE"');
    await watched.page.getByText("8 calls: 1 PDS, 4 SDS, 2 SSP, 1 V&M").waitFor();

    await click("Book one of those slots");
    await run();
    await answered('"AppointmentBooked"');

    await click("What is booked?");
    await answered('"booked"');

    await click("Cancel the appointment");
    await run();
    await answered('"AppointmentCancelled"');
    const book = graph.sandbox.practices.get("T81001");
    expect([...(book?.appointments.values() ?? [])]).toHaveLength(1);

    expect(watched.faults).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });

  test("the Apollo Sandbox link points at this server", async () => {
    const link = watched.page.getByRole("link", { name: /Apollo Sandbox/ });

    expect(await link.getAttribute("href")).toBe(
      `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(`${graph.url}/graphql`)}`,
    );
  });
});
