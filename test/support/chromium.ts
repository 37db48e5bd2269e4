import { type Browser, chromium, type Page } from "playwright-core";
import { findProgram } from "./needs.js";

/** Starts a headless Chromium with an empty profile, quiet towards the network. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findProgram("chromium");
  if (executablePath === undefined) throw new Error("no Chromium on the PATH");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors on the console, uncaught ones and breaches of the content policy among them. */
  readonly faults: string[];
  /** Addresses asked for outside the page's own origin. */
  readonly strangers: string[];
  close(): Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

/**
 * Opens a page and notes what must never happen on it. Motion is reduced, so that what is asserted or pictured does
 * not depend on the moment.
 */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, height = 800, colorScheme = "light" }: PageOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const strangers: string[] = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) strangers.push(request.url());
  });
  await page.goto(url);
  return { page, faults, strangers, close: () => context.close() };
}
