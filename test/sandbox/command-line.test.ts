import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { transformFileSync } from "@swc/core";
import { parseArguments } from "../../src/sandbox/cli/arguments.js";
import { printUrls } from "../../src/sandbox/cli/print-urls.js";
import { freePorts } from "../support/free-ports.js";
import { send } from "./support/wire.js";

const ROOT = resolve(__dirname, "..", "..");

describe("the arguments of spine-sandbox", () => {
  it("have documented defaults: port 8400, loopback, text", () => {
    expect(parseArguments([], undefined)).toEqual({
      help: false,
      format: "text",
      options: { port: 8400, bind: "loopback" },
    });
  });

  it("set every option of the sandbox", () => {
    const args =
      "--port 9000 --seed s --profile demonstrator-like --save-delay-ms 0 --slow-ms 5 --json".split(" ");
    const consumer = "--consumer-asid 200000000999 --consumer-ods X1 --consumer-type urgent-care".split(" ");
    expect(parseArguments([...args, ...consumer], "true")).toEqual({
      help: false,
      format: "json",
      options: {
        port: 9000,
        seed: "s",
        profile: "demonstrator-like",
        saveDelayMs: 0,
        slowMs: 5,
        consumer: { asid: "200000000999", odsCode: "X1", organisationType: "urgent-care" },
        bind: "all",
      },
    });
  });

  it("choose TLS, with a folder of their own or of the sandbox", () => {
    expect(parseArguments(["--tls"], undefined).options.tls).toBe(true);
    expect(parseArguments(["--tls-folder", "certs"], undefined).options.tls).toEqual({ folder: "certs" });
  });

  it.each([
    ["an unknown option", ["--prot", "1"], undefined, /prot/],
    ["a port that is not a number", ["--port", "http"], undefined, /--port must be a whole number/],
    ["a port too high for the six ports after it", ["--port", "65535"], undefined, /up to 65529/],
    ["an unknown profile", ["--profile", "emis"], undefined, /--profile must be one of strict-1\.2\.7/],
    ["two output formats", ["--json", "--env"], undefined, /exclude/],
    ["half an application", ["--pds-api-key", "k"], undefined, /belong together/],
    [
      "an unreadable key",
      ["--pds-api-key", "k", "--pds-key-id", "i", "--pds-public-key", "/no"],
      undefined,
      /cannot be read/,
    ],
    ["a bind setting that is neither true nor false", [], "yes", /SANDBOX_BIND_ALL must be true or false/],
  ])("refuse %s", (_case, args, bindAll, message) => {
    expect(() => parseArguments(args, bindAll)).toThrow(message);
  });
});

describe("the printed URLs", () => {
  const urls = {
    gateway: "http://127.0.0.1:1000",
    pds: "http://127.0.0.1:1001/p",
    pdsToken: "http://127.0.0.1:1001/t",
    sds: "http://127.0.0.1:1002/s",
    ssp: "http://127.0.0.1:1003",
    practices: "http://127.0.0.1:1004",
    vm: "http://127.0.0.1:1005/v",
    ldap: "ldap://127.0.0.1:1006",
  };

  it("are JSON with every URL", () => {
    expect(JSON.parse(printUrls(urls, "json"))).toEqual({
      ...urls,
      control: "http://127.0.0.1:1000/__sandbox",
    });
  });

  it("are shell variables with the names of the graph's settings", () => {
    const lines = printUrls(urls, "env").trimEnd().split("\n");
    expect(lines).toContain("export PDS_URL='http://127.0.0.1:1001/p'");
    expect(lines).toContain("export SSP_URL='http://127.0.0.1:1003'");
    for (const line of lines) expect(line).toMatch(/^export [A-Z_]+='[^']+'$/);
  });

  const tls = {
    folder: "/tmp/it's",
    ca: "/tmp/it's/ca.pem",
    clientCert: "/tmp/it's/client.pem",
    clientKey: "/tmp/it's/client-key.pem",
    crl: "/tmp/it's/crl.pem",
  };

  it("are shell variables that hold the files of TLS as they are, whatever the name of the folder", () => {
    const script = `${printUrls(urls, "env", tls)}
      printf '%s\n' "$SPINE_CA_FILE" "$SPINE_CLIENT_CERT_FILE" "$SPINE_CLIENT_KEY_FILE" "$SPINE_CRL_FILE"`;
    const printed = execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
    expect(printed).toEqual([tls.ca, tls.clientCert, tls.clientKey, tls.crl]);
    expect(JSON.parse(printUrls(urls, "json", tls))).toMatchObject({ tls });
    expect(printUrls(urls, "text", tls)).toContain(tls.clientCert);
  });

  it("are text that names every URL", () => {
    const text = printUrls(urls, "text");
    for (const url of Object.values(urls)) expect(text).toContain(url);
  });
});

describe("the program", () => {
  const compiled = compileSandbox();
  afterAll(() => rmSync(compiled, { recursive: true }));
  const run = (...args: string[]) => spawn("node", [join(compiled, "sandbox", "main.js"), ...args]);

  it("prints its URLs, serves them, and ends on SIGTERM with success", async () => {
    const program = run("--json", "--port", String(await freePorts(7)));
    const [output] = await Promise.race([once(program.stdout, "data"), once(program.stderr, "data")]);
    const { gateway } = JSON.parse(String(output));
    const headers = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
    expect((await send(`${gateway}/pds/Patient/9000000009`, { headers })).status).toBe(200);
    program.kill("SIGTERM");
    expect(await once(program, "exit")).toEqual([0, null]);
  });

  it("removes the files of TLS on SIGTERM", async () => {
    const program = run("--tls", "--json", "--port", String(await freePorts(7)));
    const [output] = await Promise.race([once(program.stdout, "data"), once(program.stderr, "data")]);
    const { gateway, tls } = JSON.parse(String(output));
    expect(gateway).toMatch(/^https:/);
    expect(existsSync(tls.clientKey)).toBe(true);
    program.kill("SIGTERM");
    expect(await once(program, "exit")).toEqual([0, null]);
    expect(existsSync(tls.folder)).toBe(false);
  });

  it("says which port is taken and ends with failure", async () => {
    const first = await freePorts(7);
    const occupant = createServer();
    await new Promise<void>((listening) => occupant.listen(first + 2, "127.0.0.1", listening));
    const program = run("--port", String(first));
    const [[message], exit] = await Promise.all([once(program.stderr, "data"), once(program, "exit")]);
    expect(String(message)).toContain(`EADDRINUSE: address already in use 127.0.0.1:${first + 2}`);
    expect(exit).toEqual([1, null]);
    await new Promise((closed) => occupant.close(closed));
  });
});

/** Compiles the sandbox and the two files outside it that it imports. The folder lies where node_modules is found. */
function compileSandbox(): string {
  mkdirSync(join(ROOT, "var"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "var", "sandbox-"));
  const sandboxFiles = readdirSync(join(ROOT, "src", "sandbox"), { recursive: true, encoding: "utf8" });
  const files = [
    ...sandboxFiles.filter((file) => file.endsWith(".ts")).map((file) => join("sandbox", file)),
    ...["clock.ts", "telemetry/log.ts", "telemetry/redact.ts"].map((file) => join("platform", file)),
  ];
  for (const file of files) {
    const target = join(folder, file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    const { code } = transformFileSync(join(ROOT, "src", file), {
      jsc: { parser: { syntax: "typescript" }, target: "es2022" },
      module: { type: "commonjs" },
    });
    writeFileSync(target, code);
  }
  return folder;
}
