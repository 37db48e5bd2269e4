import { writeFileSync } from "node:fs";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { ConfigError, readConfig } from "../../src/platform/config/config.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { toSettingsTable } from "../../src/server/check/settings-table.js";
import { createTestAuthorities, type TestCertificate } from "../support/certificates.js";
import { runCheck } from "./support/run-check.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS + 60_000);
const authorities = createTestAuthorities();
const root = authorities.found("Root", "rsa");
const sub = root.createBelow("Sub");
const stranger = authorities.found("Stranger", "rsa");
const FOR_CLIENT = { usage: "clientAuth", validTo: inDays(100) } as const;
const FOR_SERVER = { usage: "serverAuth", names: ["DNS:localhost"], algorithm: "rsa" } as const;
const ours = root.issue("consumer.example", FOR_CLIENT);

let sandbox: Sandbox;
const open: (() => void)[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => {
  for (const close of open.splice(0)) close();
});
afterAll(async () => {
  await sandbox.close();
  authorities.remove();
});

/** A server that demands a client certificate of the root. @returns its address */
async function serve({ cert, key }: Pick<TestCertificate, "cert" | "key">, status = 200): Promise<string> {
  const options: ServerOptions = { cert, key, ca: root.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

const settingsOf = (client: TestCertificate | undefined, caFile = root.certFile) => ({
  SPINE_CA_FILE: caFile,
  ...(client && { SPINE_CLIENT_CERT_FILE: client.certFile, SPINE_CLIENT_KEY_FILE: client.keyFile }),
});

/** The row of SSP or of our certificate, and the advice below the table. */
async function rowAndAdvice(what: string, environment: Record<string, string>) {
  const { lines, table } = await runCheck(sandbox, environment);
  const advice = table.split("\n").filter((line) => line.startsWith(`  ${what}: `));
  return { row: lines.find((line) => line.startsWith(`${what}: `)), advice };
}

describe("the check of a service whose certificate is not good", () => {
  const bundle = (...parts: { readonly cert: string }[]) => parts.map(({ cert }) => cert).join("");
  const below = sub.issue("localhost", FOR_SERVER);
  const foreign = stranger.issue("localhost", FOR_SERVER);

  test.each<[string, Pick<TestCertificate, "cert" | "key">, RegExp, string]>([
    ["has expired", root.issue("x", { ...FOR_SERVER, expired: true }), /CERT_HAS_EXPIRED/, "has expired, or"],
    [
      "is not valid yet",
      root.issue("x", { ...FOR_SERVER, validFrom: inDays(1), validTo: inDays(9) }),
      /CERT_NOT_YET_VALID/,
      "is not valid yet, or",
    ],
    [
      "names another host",
      root.issue("x", { ...FOR_SERVER, names: ["DNS:elsewhere.example"] }),
      /ERR_TLS_CERT_ALTNAME_INVALID/,
      "names another host",
    ],
    [
      "has an unknown issuer",
      { key: foreign.key, cert: bundle(foreign, stranger) },
      /SELF_SIGNED_CERT_IN_CHAIN/,
      "authority is not trusted",
    ],
    ["is sent without the Sub CA", below, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/, "chain has a gap"],
  ])("%s fails with the reason and one line of advice", async (_case, certificate, code, words) => {
    const { row, advice } = await rowAndAdvice("SSP", {
      ...settingsOf(ours),
      SSP_URL: await serve(certificate),
    });

    expect(row).toMatch(/^SSP: FAIL not reachable: /);
    expect(row).toMatch(code);
    expect(advice).toEqual([expect.stringContaining(words)]);
  });

  test("a chain that is sent in full is good, and one with few days left is a warning with advice", async () => {
    const good = await rowAndAdvice("SSP", {
      ...settingsOf(ours),
      SSP_URL: await serve({ key: below.key, cert: bundle(below, sub) }),
    });
    expect(good.row).toMatch(/^SSP: WARN reachable, certificate ends in \d days/);
    const later = root.issue("localhost", { ...FOR_SERVER, validTo: inDays(29) });
    const soon = await rowAndAdvice("SSP", { ...settingsOf(ours), SSP_URL: await serve(later) });
    expect(soon.row).toBe("SSP: WARN reachable, certificate ends in 29 days, clocks agree");
    expect(soon.advice).toEqual([expect.stringContaining("ends soon")]);
    const enough = root.issue("localhost", { ...FOR_SERVER, validTo: inDays(30) });
    const none = await rowAndAdvice("SSP", { ...settingsOf(ours), SSP_URL: await serve(enough) });
    expect(none).toEqual({ row: "SSP: OK reachable, certificate ends in 30 days, clocks agree", advice: [] });
  });
});

describe("a service that refuses our certificate fails the check with advice", () => {
  const good = root.issue("localhost", { ...FOR_SERVER, validTo: inDays(200) });
  const theirs = stranger.issue("consumer.example", FOR_CLIENT);

  test.each([
    ["of another authority", theirs],
    ["that is missing", undefined],
  ])("a certificate %s, at the handshake", async (_case, client) => {
    const { row, advice } = await rowAndAdvice("SSP", { ...settingsOf(client), SSP_URL: await serve(good) });

    expect(row).toMatch(/^SSP: FAIL not reachable: (ECONNRESET|EPIPE|ERR_SSL_\w+|UND_ERR_SOCKET)$/);
    expect(advice).toEqual([expect.stringContaining("was issued for this environment")]);
  });

  test.each([495, 496])("by a proxy's status %i", async (status) => {
    const { row, advice } = await rowAndAdvice("SSP", {
      ...settingsOf(ours),
      SSP_URL: await serve(good, status),
    });

    expect(row).toBe(`SSP: FAIL our certificate is refused, status ${status}`);
    expect(advice).toEqual([expect.stringContaining("rejects our certificate")]);
  });
});

describe("the check of our own certificate", () => {
  const own = (client: TestCertificate, caFile?: string) =>
    rowAndAdvice("Our certificate", settingsOf(client, caFile));
  /** The same key, with these certificates in its file. */
  const withCertificates = (client: TestCertificate, ...more: TestCertificate[]): TestCertificate => {
    const certFile = `${client.certFile}.bundle`;
    writeFileSync(certFile, [client, ...more].map(({ cert }) => cert).join(""));
    return { ...client, certFile };
  };
  const bothAuthorities = () => withCertificates(root, sub).certFile;
  const belowSub = sub.issue("consumer.example", FOR_CLIENT);

  test("a chain over the Sub CA is good when the Sub CA is sent", async () => {
    expect(await own(withCertificates(belowSub, sub))).toEqual({
      row: "Our certificate: OK ends in 100 days, chain of 3",
      advice: [],
    });
  });

  test("a Sub CA that is known and not sent is a warning", async () => {
    const { row, advice } = await own(belowSub, bothAuthorities());
    expect(row).toBe("Our certificate: WARN ends in 100 days, its issuer is not sent with it");
    expect(advice).toEqual([expect.stringContaining("Append the Sub CA's certificate")]);
  });

  test("an issuer in neither file fails", async () => {
    const { row, advice } = await own(belowSub);
    expect(row).toBe("Our certificate: FAIL ends in 100 days, its issuer is in neither file");
    expect(advice).toEqual([expect.stringContaining("Append the Sub CA's certificate")]);
  });

  test.each([
    ["has expired", { expired: true }, "an issuer's certificate has expired", "Replace the Sub CA's"],
    [
      "is not valid yet",
      { validFrom: inDays(1), validTo: inDays(90) },
      "an issuer's certificate is not valid yet",
      "the clock of this machine",
    ],
  ])("a Sub CA that %s fails", async (name, validity, details, words) => {
    const bad = root.createBelow(`Sub ${name}`, validity);
    const { row, advice } = await own(withCertificates(bad.issue("consumer.example", FOR_CLIENT), bad));
    expect(row).toBe(`Our certificate: FAIL ${details}`);
    expect(advice).toEqual([expect.stringContaining(words)]);
  });

  test("few days left are a warning", async () => {
    const { row, advice } = await own(root.issue("x", { ...FOR_CLIENT, validTo: inDays(29) }));
    expect(row).toBe("Our certificate: WARN ends in 29 days, chain of 2");
    expect(advice).toEqual([expect.stringContaining("Request the renewal now")]);
  });

  test.each<[string, TestCertificate, RegExp, string]>([
    [
      "has expired",
      root.issue("x", { usage: "clientAuth", expired: true }),
      /expired on 2020-01-01/,
      "Request a new",
    ],
    [
      "is not valid yet",
      root.issue("x", { usage: "clientAuth", validFrom: inDays(1), validTo: inDays(9) }),
      /is not valid before/,
      "the clock of this machine",
    ],
    ["has another key", { ...ours, keyFile: stranger.keyFile }, /does not belong/, "was requested"],
  ])(
    "one that %s stops the check at the settings, with a row and advice",
    (_case, client, details, words) => {
      let faults: readonly string[] = [];
      try {
        readConfig(settingsOf(client));
      } catch (error) {
        if (error instanceof ConfigError) faults = error.faults;
      }
      const [row, advice] = toSettingsTable(faults).split("\nWhat to do:\n");

      expect(row).toMatch(/^Settings +FAIL/m);
      expect(row).toMatch(details);
      expect(advice?.trimEnd().split("\n")).toEqual([expect.stringContaining(words)]);
    },
  );
});
