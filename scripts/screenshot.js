/**
 * Takes the pictures of the documentation: the explorer with the query of the patient card and its upstream calls, and
 * the console of the sandbox with calls of a consumer.
 *
 *     npm run screenshot
 *
 * Starts the server with the embedded sandbox on a free port, a sandbox alone, and a headless Chromium from the PATH
 * (`npm run services` installs one). Writes docs/images/explorer.png and docs/images/console.png.
 */
const { spawn } = require("node:child_process");
const { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { delimiter, join } = require("node:path");
const { chromium } = require("playwright-core");
const { sendSampleCalls } = require("./sample-calls.js");

const ROOT = join(__dirname, "..");
const IMAGES = join(ROOT, "docs", "images");
/** A larger picture would slow the pages down. */
const MAX_BYTES = 300_000;
const OPERATION = "03-card";
/** The sandbox's clock in the picture of the console. */
const NOW = "2026-01-14T09:41:00Z";

function findChromium() {
  const candidates = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) =>
    (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)),
  );
  const found = candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error("No Chromium on the PATH. Run: sudo npm run services");
  return found;
}

/** Starts the built server. Resolves to its URL as soon as it says that it is ready. */
function startServer(folder) {
  const server = spawn(process.execPath, [join(ROOT, "dist", "main.js")], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: "0", LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = new Promise((resolve, reject) => {
    let output = "";
    server.stdout.on("data", (chunk) => {
      output += chunk;
      const [, found] = /Explorer\s+(\S+)/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
    server.once("exit", (code) => reject(new Error(`The server stopped with code ${code}.`)));
  });
  return { server, url };
}

/** Opens a page, runs `prepare` on it, and writes its picture. */
async function takePicture(browser, { url, name, height }, prepare) {
  const page = await browser.newPage({
    viewport: { width: 1280, height },
    reducedMotion: "reduce",
    colorScheme: "light",
    locale: "en-GB",
  });
  await page.goto(url);
  await prepare(page);
  const target = join(IMAGES, name);
  await page.screenshot({ path: target });
  await page.close();
  const { size } = statSync(target);
  if (size > MAX_BYTES) throw new Error(`${name} has ${size} bytes, more than ${MAX_BYTES}.`);
  console.log(`Wrote ${target} (${size} bytes).`);
}

async function pictureExplorer(browser) {
  const folder = mkdtempSync(join(tmpdir(), "screenshot-"));
  const { server, url } = startServer(folder);
  try {
    await takePicture(
      browser,
      { url: `${await url}#${OPERATION}`, name: "explorer.png", height: 920 },
      async (page) => {
        await page.locator("[data-schema=known]").waitFor();
        await page.getByText(/^Cost: /).waitFor();
        await page.getByRole("button", { name: "Run", exact: true }).click();
        await page.locator(".call rect").first().waitFor();
      },
    );
  } finally {
    server.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pictureConsole(browser) {
  const { SandboxClock, startSandbox } = require("../dist/sandbox/index.js");
  const sandbox = await startSandbox({ clock: new SandboxClock({ now: () => Date.parse(NOW) }) });
  try {
    await sendSampleCalls(sandbox.urls, NOW.slice(0, 10));
    await takePicture(
      browser,
      { url: sandbox.urls.gateway, name: "console.png", height: 820 },
      async (page) => {
        await page.getByRole("switch", { name: "slow-pds" }).click();
        await page.getByText("slow-pds is on.").waitFor();
        await page.getByRole("button", { name: "Dismiss" }).click();
        await page.getByRole("option").filter({ hasText: "longer than two weeks" }).last().click();
        await page.getByRole("heading", { name: "What was wrong" }).waitFor();
      },
    );
  } finally {
    await sandbox.close();
  }
}

async function main() {
  mkdirSync(IMAGES, { recursive: true });
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  try {
    await pictureExplorer(browser);
    await pictureConsole(browser);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
