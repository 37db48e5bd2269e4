import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { launchChromium, openPage, type WatchedPage } from "../support/chromium.js";
import { describeNeeding } from "../support/needs.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

const ROOT = resolve(__dirname, "..", "..");
const BOUND_MS = 60_000;
const CREATE = { service: "PRACTICE", odsCode: "T81001", interaction: "create:appointment-1" } as const;

/** Starts the example's own server, as its README says. */
async function serve(graphUrl: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(ROOT, "examples/booking-page/serve.js")], {
    env: { ...process.env, GRAPH_URL: graphUrl, PORT: "0", POLL_MS: "50" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((found, failed) => {
    child.stdout?.once("data", (chunk: Buffer) => found(chunk.toString().trim()));
    child.once("exit", () => failed(new Error("the server of the example ended")));
  });
  return { url, child };
}

describeNeeding("chromium", "the booking page example", () => {
  let graph: RunningGraph;
  let browser: Browser;
  let child: ChildProcess;
  let url: string;
  let watched: WatchedPage;

  beforeAll(async () => {
    graph = await startGraph({
      environment: {
        LATE_COMMIT_BOUND_MS: String(BOUND_MS),
        REQUEST_DEADLINE_MS: "8000",
        SSP_WRITE_TIMEOUT_MS: "2000",
      },
    });
    ({ url, child } = await serve(`${graph.url}/graphql`));
    browser = await launchChromium();
  }, 60_000);
  beforeEach(async () => {
    watched = await openPage(browser, url);
  });
  afterEach(async () => {
    graph.sandbox.faults.clear();
    await watched.close();
  });
  afterAll(async () => {
    child?.kill();
    await browser?.close();
    await graph?.close();
  });

  const status = (text: string | RegExp) =>
    watched.page.getByRole("status").filter({ hasText: text }).waitFor();
  async function find(nhsNumber: string): Promise<void> {
    await watched.page.getByLabel("NHS number").fill(nhsNumber);
    await watched.page.getByRole("button", { name: "Find patient" }).click();
  }
  const bookFirst = () =>
    watched.page
      .getByRole("button", { name: /^Book / })
      .first()
      .click();
  const appointments = () =>
    [...(graph.sandbox.practices.get("T81001")?.appointments.values() ?? [])].map(
      ({ resource }) => resource.status,
    );

  test("a person finds a patient, books the first slot and cancels it", async () => {
    await find("9000000009");
    await watched.page.getByRole("heading", { name: "Ms Rosalind May ASHCOMBE" }).waitFor();
    await watched.page.getByText("Chargeable status: Chargeable").waitFor();

    await bookFirst();
    await status(/^Booked for /);
    await watched.page.getByRole("button", { name: "Cancel this appointment" }).click();
    await status("Cancelled.");

    expect(appointments()).toEqual(["cancelled"]);
    expect(watched.faults).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });

  test("a patient whom PDS does not know, and a malformed number, are said in words", async () => {
    await find("9990001006");
    await status("PDS knows no such patient.");
    await find("1234567890");
    await status(/NHS number/);
  });

  test("slots that are not known are not shown as none", async () => {
    await find("9990000093");

    await watched.page.getByText("The free slots are not known at the moment.").waitFor();
    expect(await watched.page.getByText("has no free slots").count()).toBe(0);
  });

  test("a booking whose outcome is unknown is followed up until it is known, and never offered again meanwhile", async () => {
    const before = appointments().length;
    await find("9000000009");
    graph.sandbox.faults.add({ ...CREATE, kind: "reset-after-commit", times: 1 });
    // The appointments cannot be read back either.
    graph.sandbox.faults.add({
      ...CREATE,
      interaction: "search:patient_appointments-1",
      kind: { status: 503 },
    });
    await bookFirst();

    await status(/not known yet.*It will be known after/);
    expect(await watched.page.getByRole("button", { name: /^Book / }).count()).toBe(0);

    graph.sandbox.faults.clear();
    graph.clock.advance(2 * BOUND_MS);
    await graph.sweep();
    await status(/^Booked for /);
    expect(appointments()).toHaveLength(before + 1);
  });

  test("a booking whose response is lost on the way is sent again with the same key", async () => {
    const before = appointments().length;
    await find("9000000009");
    await watched.page.route(
      "**/graphql",
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await bookFirst();

    await status(/^Booked for /);
    expect(appointments()).toHaveLength(before + 1);
  });
});

describeNeeding("clients", "accessibility of the booking page example", () => {
  describeNeeding("chromium", "in Chromium", () => {
    test("axe-core finds no violation on the page, with slots and without", async () => {
      const axe = readFileSync(join(ROOT, "test/clients/node_modules/axe-core/axe.min.js"), "utf8");
      const graph = await startGraph();
      const { url, child } = await serve(`${graph.url}/graphql`);
      const browser = await launchChromium();
      try {
        const { page } = await openPage(browser, url);
        const violations = () =>
          page.evaluate<string[]>(
            `${axe};axe.run().then(({ violations }) => violations.map(({ id }) => id))`,
          );
        expect(await violations()).toEqual([]);

        await page.getByLabel("NHS number").fill("9000000009");
        await page.getByRole("button", { name: "Find patient" }).click();
        await page
          .getByRole("button", { name: /^Book / })
          .first()
          .waitFor();
        expect(await violations()).toEqual([]);
      } finally {
        await browser.close();
        child.kill();
        await graph.close();
      }
    }, 60_000);
  });
});
