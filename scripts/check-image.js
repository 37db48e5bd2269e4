/**
 * Builds what the image contains, in a clean folder, starts it as the image would, and sends one query. Checks as well that
 * live mode starts without the sandbox, and that only `var` is written.
 *
 *   npm run image:check               # the very steps, `npm ci` included: several minutes
 *   npm run image:check -- --linked   # with this checkout's node_modules instead of `npm ci`
 *   npm run image:check -- --sandbox  # the sandbox's image (Dockerfile.sandbox) instead of the service's
 */
const { spawn, spawnSync } = require("node:child_process");
const { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } = require("node:fs");
const { createServer } = require("node:net");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { buildImageFolder, removeImageFolder } = require("./build-image-folder.js");
const { ROOT } = require("./steps.js");

const START_LIMIT_MS = 60_000;
const QUERY = '{ patient(nhsNumber: "9000000009") { chargeableStatus { recorded } } }';

async function main(isLinked, isSandbox) {
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-image-"));
  try {
    const installed = isLinked ? realpathSync(join(ROOT, "node_modules")) : undefined;
    const dockerfile = isSandbox ? "Dockerfile.sandbox" : "Dockerfile";
    const image = buildImageFolder(folder, { dockerfile, ...(installed !== undefined && { installed }) });
    const app = join(image.root, image.workdir);
    // The other stages are removed, so that the process cannot find in them what the image lacks.
    for (const name of readdirSync(folder)) {
      if (join(folder, name) !== image.root) rmSync(join(folder, name), { recursive: true });
    }
    if (!isLinked) requireProductionOnly(app);
    if (isSandbox) return await checkSandbox(image, app, isLinked);
    const before = filesOf(app);
    await checkQuery(image, app);
    requireOnlyVarChanged(before, filesOf(app));
    await checkLiveMode(image, app);
    process.stdout.write(
      `the image's content starts, responds and writes to var only${isLinked ? " (node_modules linked)" : ""}\n`,
    );
  } finally {
    removeImageFolder(folder);
  }
}

/** No development dependency may be in the image. */
function requireProductionOnly(app) {
  const { devDependencies } = require("../package.json");
  const { packages } = require("../package-lock.json");
  const found = Object.keys(devDependencies).filter(
    (name) => packages[`node_modules/${name}`]?.dev === true && existsSync(join(app, "node_modules", name)),
  );
  if (found.length > 0) throw new Error(`development dependencies in the image: ${found.join(", ")}`);
}

/** Path and time of change of every file, packages apart. */
function filesOf(app) {
  const found = new Map();
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.name === "node_modules") continue;
      if (entry.isDirectory()) visit(path);
      else found.set(path.slice(app.length + 1), statSync(path).mtimeMs);
    }
  };
  visit(app);
  return found;
}

function requireOnlyVarChanged(before, after) {
  const changed = [...after].filter(([path, time]) => before.get(path) !== time).map(([path]) => path);
  const outside = changed.filter((path) => !path.startsWith("var/"));
  if (outside.length > 0) throw new Error(`written outside var: ${outside.join(", ")}`);
  if (changed.length === 0) throw new Error("nothing was written to var: the audit file is missing");
}

/** Sandbox mode, because it needs no network. The metrics are on the port that the image names. */
async function checkQuery(image, app) {
  const port = await firstOfFreePorts(2);
  const metricsPort = port + 1;
  const child = start(image, app, {
    HOST: "127.0.0.1",
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
  });
  try {
    await untilReady(child, `http://127.0.0.1:${port}/health/ready`);
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: QUERY }),
    });
    const body = await response.text();
    if (!body.includes('"recorded":true')) throw new Error(`the query failed: ${body}`);
    if (!isHealthy(image, port)) throw new Error("HEALTHCHECK fails while the service responds");
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    if (!metrics.includes("spine_upstream_call_duration_seconds"))
      throw new Error("no metrics on METRICS_PORT");
  } finally {
    child.process.kill("SIGTERM");
  }
  const { code, signal } = await child.ended;
  if (isHealthy(image, port)) throw new Error("HEALTHCHECK passes although nothing runs");
  if (code !== 0) throw new Error(`SIGTERM ended the process with ${code ?? signal}\n${child.output()}`);
}

function isHealthy({ healthCheck: [program, ...args], environment }, port) {
  const env = { PATH: process.env.PATH, ...environment, PORT: String(port) };
  return spawnSync(program, args, { env }).status === 0;
}

/** The sandbox on free ports: it serves a patient, writes nothing, and ends on SIGTERM. */
async function checkSandbox(image, app, isLinked) {
  const before = filesOf(app);
  const [program, ...args] = image.command;
  const port = await firstOfFreePorts(7);
  const command = [program, ...args, "--port", String(port), "--json"];
  const child = start({ ...image, command }, app, { SANDBOX_BIND_ALL: "false" });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, `${url}/__sandbox`);
  const headers = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
  const patient = await fetch(`${url}/pds/Patient/9000000009`, { headers });
  const page = await fetch(`${url}/`);
  child.process.kill("SIGTERM");
  const { code, signal } = await child.ended;
  if (!patient.ok || !page.ok) throw new Error(`PDS responded ${patient.status}, the console ${page.status}`);
  if (code !== 0) throw new Error(`SIGTERM ended the process with ${code ?? signal}\n${child.output()}`);
  const changed = [...filesOf(app)].filter(([path, time]) => before.get(path) !== time);
  if (changed.length > 0) throw new Error(`the sandbox wrote ${changed.map(([path]) => path).join(", ")}`);
  process.stdout.write(
    `the sandbox's image starts, responds and writes nothing${isLinked ? " (node_modules linked)" : ""}\n`,
  );
}

/** The first of so many free ports in a row, below the range from which the system gives ports to other programs. */
async function firstOfFreePorts(count) {
  for (let first = 20_000 + (process.pid % 1000) * 10; ; first += 10) {
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isFreePort(first + offset)));
    if (free.every(Boolean)) return first;
  }
}

function isFreePort(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** Live mode, without the sandbox's code: it must get as far as naming the settings that are missing. */
async function checkLiveMode(image, app) {
  rmSync(join(app, "dist/sandbox"), { recursive: true });
  rmSync(join(app, "dist/explorer"), { recursive: true });
  const child = start(image, app, { SPINE_ENV: "live" });
  const { code } = await child.ended;
  if (code !== 1 || !child.output().includes("AUTH_JWKS_URL")) {
    throw new Error(`live mode without settings ended with ${code}\n${child.output()}`);
  }
}

function start({ command: [program, ...args], environment }, cwd, overrides) {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, ...environment, ...overrides },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return { process: child, ended, output: () => output };
}

async function untilReady({ process: child, output }, url) {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the process ended\n${output()}`);
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not ready after ${START_LIMIT_MS} ms\n${output()}`);
}

main(process.argv.includes("--linked"), process.argv.includes("--sandbox")).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
