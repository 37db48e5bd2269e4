import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { compileServer } from "../support/compile-server.js";

const compiled = compileServer();
afterAll(() => rmSync(compiled, { recursive: true }));

interface Running {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything that the server has written to stderr. */
  readonly log: () => string;
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** Starts the real program with a resolver that goes wrong on demand. */
async function startWithChaos(): Promise<Running> {
  const preload = join(__dirname, "support", "chaos-resolver.js");
  const child = spawn(process.execPath, ["--require", preload, join(compiled, "main.js")], {
    cwd: compiled,
    env: {
      PATH: process.env.PATH,
      CHAOS_SCHEMA: join(compiled, "graph", "schema.js"),
      PORT: "0",
      EXPLORER: "false",
      AUDIT_SINKS: "none",
    },
  });
  started.push(child);
  let log = "";
  child.stderr?.on("data", (chunk) => {
    log += String(chunk);
  });
  let output = "";
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    const url = /http:\/\/localhost:\d+/.exec(output)?.[0];
    if (url !== undefined) {
      child.stdout?.resume();
      return { url: url.replace("localhost", "127.0.0.1"), child, log: () => log };
    }
  }
  throw new Error(`the server did not start: ${log}`);
}

async function queryPractice(url: string, odsCode: string): Promise<unknown> {
  const { body } = await request(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: `{ practice(odsCode: "${odsCode}") { odsCode } }` }),
    // The shutdown under test is not to wait for this client's idle connections.
    reset: true,
  });
  return body.json();
}

const practice = (odsCode: string) => ({ data: { practice: { odsCode } } });

test("a resolver's unhandled rejections are logged and counted, and the server goes on", async () => {
  const { url, log } = await startWithChaos();

  for (const odsCode of ["RJCT1", "RJCT2", "T81001"]) {
    expect(await queryPractice(url, odsCode)).toEqual(practice(odsCode));
  }

  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('process_faults_total{kind="unhandledRejection"} 2');
  expect(metrics).toContain('process_faults_total{kind="uncaughtException"} 0');
  expect(log().match(/"kind":"unhandledRejection"/g)).toHaveLength(2);
  expect(log()).toContain("chaos-resolver.js");
  expect(log()).not.toMatch(/9000000009|MUSTERMANN/);
}, 60_000);

test.each(["THRW1", "THRW2"])(
  "after a resolver's uncaught exception (%s) running queries are answered, and the process exits with 1",
  async (odsCode) => {
    const { url, child, log } = await startWithChaos();
    const exit = once(child, "exit");

    const slow = queryPractice(url, "SLOW1");
    const faulty = queryPractice(url, odsCode).catch(() => undefined);

    expect(await slow).toEqual(practice("SLOW1"));
    await faulty;
    expect(await exit).toEqual([1, null]);
    await expect(queryPractice(url, "T81001")).rejects.toThrow("ECONNREFUSED");
    expect(log()).toContain('"kind":"uncaughtException"');
    expect(log()).not.toMatch(/9000000009|MUSTERMANN/);
  },
  60_000,
);
