/**
 * Takes the picture of the explorer that the README shows: the query of the patient card, with its upstream calls.
 *
 *     npm run screenshot
 *
 * Starts the server with the embedded sandbox on a free port, and a headless Chromium from the PATH
 * (`npm run services` installs one). Writes docs/images/explorer.png.
 */
const { spawn } = require("node:child_process");
const { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { delimiter, dirname, join } = require("node:path");
const { chromium } = require("playwright-core");

const ROOT = join(__dirname, "..");
const TARGET = join(ROOT, "docs", "images", "explorer.png");
/** A larger picture would slow the README down. */
const MAX_BYTES = 300_000;
const OPERATION = "03-card";

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

async function takePicture(url) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 920 },
      reducedMotion: "reduce",
      colorScheme: "light",
    });
    await page.goto(`${url}#${OPERATION}`);
    await page.locator("[data-schema=known]").waitFor();
    await page.getByText(/^Cost: /).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.locator(".call rect").first().waitFor();
    await page.screenshot({ path: TARGET });
  } finally {
    await browser.close();
  }
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), "screenshot-"));
  const { server, url } = startServer(folder);
  try {
    mkdirSync(dirname(TARGET), { recursive: true });
    await takePicture(await url);
    const { size } = statSync(TARGET);
    if (size > MAX_BYTES) throw new Error(`The picture has ${size} bytes, more than ${MAX_BYTES}.`);
    console.log(`Wrote ${TARGET} (${size} bytes).`);
  } finally {
    server.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
