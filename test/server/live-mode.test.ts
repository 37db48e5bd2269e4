import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { request } from "undici";
import { createLiveSettings } from "./support/live-settings.js";

// The whole program is compiled, and started as it is in earnest.
jest.setTimeout(60_000);

const ROOT = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "spine-graph-program-"));
const live = createLiveSettings();
const LIVE = { ...live.environment, PORT: "0" };
const started: ChildProcess[] = [];

/** Loaded before the program: lists at its end the files of all modules that it has loaded. */
const LIST_LOADED = join(folder, "list-loaded.cjs");
const LOADED = join(folder, "loaded.json");
const LIST_LOADED_CODE = `process.on("exit", () => require("node:fs").writeFileSync(
  ${JSON.stringify(LOADED)}, JSON.stringify(Object.keys(require.cache))));`;

beforeAll(() => {
  // Whether the types are right is not judged here.
  spawnSync(
    join(ROOT, "node_modules/.bin/tsc"),
    ["-p", "tsconfig.build.json", "--outDir", join(folder, "dist")],
    {
      cwd: ROOT,
    },
  );
  // What is not there cannot be loaded.
  rmSync(join(folder, "dist", "sandbox"), { recursive: true });
  mkdirSync(join(folder, "work"));
  writeFileSync(LIST_LOADED, LIST_LOADED_CODE);
});

afterAll(async () => {
  for (const child of started) {
    if (child.exitCode === null) {
      child.kill("SIGKILL");
      await new Promise((ended) => child.once("exit", ended));
    }
  }
  live.remove();
  rmSync(folder, { recursive: true, force: true });
});

function start(environment: Record<string, string>, ...parameters: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(folder, "dist", "main.js"), ...parameters], {
    cwd: join(folder, "work"),
    env: { PATH: process.env.PATH, NODE_PATH: join(ROOT, "node_modules"), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  return child;
}

/** The npm packages among the files of modules. */
function packagesOf(paths: readonly string[]): string[] {
  const names = paths.flatMap((path) => {
    const [, name] = /.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(path) ?? [];
    return name === undefined ? [] : [name.replace("\\", "/")];
  });
  return [...new Set(names)];
}

async function run(environment: Record<string, string>, ...parameters: string[]) {
  const child = start(environment, ...parameters);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((ended) => child.once("close", ended));
  return { code, stdout, stderr };
}

// Proves GPC-SPN-TST-03, GPC-AMUS-MPA-6.
test("live mode without settings stops with one message that lists every missing setting", async () => {
  const { code, stdout, stderr } = await run({ SPINE_ENV: "live" });
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr.match(/These settings are missing or wrong/g)).toHaveLength(1);
  for (const name of Object.keys(LIVE).filter((one) => !["SPINE_ENV", "PORT"].includes(one))) {
    expect(stderr).toContain(`  - ${name} `);
  }
});

test.each([
  ["cannot be reached", "postgres://spine@127.0.0.1:1/none", "ECONNREFUSED"],
  ["is no database", "file:../dist/main.js", "SQLITE_NOTADB"],
])("a store that %s stops the start with one message", async (_case, DATABASE_URL, why) => {
  const { code, stdout, stderr } = await run({ ...LIVE, DATABASE_URL });
  expect(code).toBe(1);
  expect(stdout).not.toContain("is ready");
  expect(stderr.match(/The store at DATABASE_URL cannot be used/g)).toHaveLength(1);
  expect(stderr).toContain(why);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("live mode starts without the sandbox, requires a token, and closes explorer, introspection and GET", async () => {
  const child = start({ ...LIVE, NODE_OPTIONS: `--require ${LIST_LOADED}` });
  if (child.stdout === null) throw new Error("its words are not read");
  const line = await new Promise<string>((first, ended) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once("line", first);
    child.once("exit", () => ended(new Error("it did not start")));
  });
  const [url = ""] = /http:\S+/.exec(line) ?? [];
  const answer = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: '{ practice(odsCode: "A20047") { odsCode } }' }),
  });
  expect(answer.statusCode).toBe(401);
  expect(await answer.body.json()).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });

  const statusOf = async (address: string, method: "GET" | "POST", body?: object) => {
    const response = await request(address, {
      method,
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        "apollo-require-preflight": "1",
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    await response.body.dump();
    return response.statusCode;
  };
  expect(await statusOf(new URL("/", url).href, "GET")).toBe(404);
  expect(await statusOf(`${url}?query={__typename}`, "GET")).toBe(405);
  for (const query of ["{ __schema { queryType { name } } }", "{ _service { sdl } }"]) {
    expect(await statusOf(url, "POST", { query })).toBe(400);
  }
  const ended = new Promise((code) => child.once("exit", code));
  // The process ends although one client has sent half a body and another one keeps its connection.
  const { hostname, port } = new URL(url);
  const half = connect(Number(port), hostname);
  half.on("error", () => {});
  half.write("POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{");
  expect(await statusOf(new URL("/health/live", url).href, "GET")).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  half.destroy();

  const loaded: string[] = JSON.parse(readFileSync(LOADED, "utf8"));
  const own = loaded.filter((path) => path.startsWith(join(folder, "dist")));
  expect(own.length).toBeGreaterThan(200);
  expect(own.filter((path) => /[/\\](sandbox|sandbox-console|explorer|web-ui)[/\\]/.test(path))).toEqual([]);
  expect(packagesOf(loaded)).toEqual(
    expect.arrayContaining(["@apollo/server", "fastify", "graphql", "jose"]),
  );
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(packagesOf(loaded).filter((name) => name in devDependencies)).toEqual([]);
  // `prom-client` loads the interface. The SDK and the exporter are loaded only where traces are sent.
  expect(packagesOf(loaded).filter((name) => name.startsWith("@opentelemetry/"))).toEqual([
    "@opentelemetry/api",
  ]);
});

test("with a collector that is down, live mode starts and ends, and has loaded the SDK for traces", async () => {
  const child = start({
    ...LIVE,
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
    NODE_OPTIONS: `--require ${LIST_LOADED}`,
  });
  const line = await new Promise<string>((first, ended) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once("line", first);
    child.once("exit", () => ended(new Error("it did not start")));
  });
  const [url = ""] = /http:\S+/.exec(line) ?? [];
  const response = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ __typename }" }),
  });
  await response.body.dump();
  const ended = new Promise((code) => child.once("exit", code));
  child.kill("SIGTERM");

  expect(response.statusCode).toBeLessThan(500);
  expect(await ended).toBe(0);
  const loaded: string[] = JSON.parse(readFileSync(LOADED, "utf8"));
  expect(packagesOf(loaded)).toEqual(
    expect.arrayContaining(["@opentelemetry/sdk-trace", "@opentelemetry/exporter-trace-otlp-http"]),
  );
});

test("--check prints the unreachable services in a table and ends with 1", async () => {
  const { code, stdout } = await run(LIVE, "--check");
  expect(code).toBe(1);
  const rows = stdout.split("\n").map((line) => line.split(/ {2,}/));
  const resultOf = (what: string) =>
    rows.find(([first]) => first === what)?.find((cell) => /^(OK|WARN|FAIL|SKIP)$/.test(cell));
  expect(resultOf("Our certificate")).toBe("WARN");
  for (const what of ["Callers' keys", "PDS", "SDS", "Spine in SDS", "SSP"])
    expect(resultOf(what)).toBe("FAIL");
  expect(resultOf("PDS token")).toBe("SKIP");
});
