import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TlsSource } from "../../src/platform/tls/tls-source.js";
import { TestClock } from "../support/call-context.js";
import { createTestAuthorities, type TestCertificate } from "../support/certificates.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const START = Date.parse("2026-11-23T09:00:00Z");

const authorities = createTestAuthorities();
const authority = authorities.found("Spine");
const ending = (days: number) =>
  authority.issue(`ours-${days}`, {
    usage: "clientAuth",
    validFrom: new Date(START - DAY_MS),
    validTo: new Date(START + days * DAY_MS),
  });
const first = ending(100);
const second = ending(300);

let folder: string;
let clock: TestClock;
let logged: { level: string; message: string; fields: object }[];
let changes: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spine-graph-reload-"));
  clock = new TestClock(START);
  logged = [];
  changes = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => authorities.remove());

const at = (name: string) => join(folder, name);

/** Puts a file there with a time of its own: two changes within one tick of a disk's clock must not look alike. */
function put(name: string, from: string): void {
  copyFileSync(from, at(name));
  changes += 1;
  utimesSync(at(name), changes, changes);
}

function use(certificate: TestCertificate): void {
  put("cert", certificate.certFile);
  put("key", certificate.keyFile);
}

function source(): TlsSource {
  put("ca", authority.certFile);
  const note = (level: string) => (fields: object, message: string) =>
    void logged.push({ level, message, fields });
  return new TlsSource({
    files: { SPINE_CLIENT_CERT_FILE: at("cert"), SPINE_CLIENT_KEY_FILE: at("key"), SPINE_CA_FILE: at("ca") },
    clock,
    log: { info: note("info"), warn: note("warn"), error: note("error") } as never,
  });
}

test("unchanged files give the same object", () => {
  use(first);
  const tls = source();
  expect(tls.current()).toBe(tls.current());
  expect(logged).toEqual([]);
});

test("a renewed certificate and key are used for the next connection", () => {
  use(first);
  const tls = source();
  use(second);
  expect(tls.current()).toMatchObject({ cert: second.cert, key: second.key });
  expect(tls.expiresAt).toBe(START + 300 * DAY_MS);
  expect(logged).toEqual([
    expect.objectContaining({ level: "info", message: "the changed TLS files are in use" }),
  ]);
});

test("while only the certificate is replaced, the earlier pair stays in use, logged once", () => {
  use(first);
  const tls = source();
  put("cert", second.certFile);
  for (let turn = 0; turn < 3; turn++)
    expect(tls.current()).toMatchObject({ cert: first.cert, key: first.key });
  expect(logged).toEqual([
    {
      level: "error",
      message: "the changed TLS files cannot be used; the earlier ones stay in use",
      fields: {
        faults: ["SPINE_CLIENT_KEY_FILE does not belong to the certificate in SPINE_CLIENT_CERT_FILE"],
      },
    },
  ]);
  put("key", second.keyFile);
  expect(tls.current()).toMatchObject({ cert: second.cert });
});

test("a missing, truncated or expired file leaves the earlier files in use", () => {
  use(first);
  const tls = source();
  const over = authority.issue("over", { usage: "clientAuth", expired: true });
  const spoil = [
    () => rmSync(at("cert")),
    () => writeFileSync(at("cert"), second.cert.slice(0, 200)),
    () => use(over),
  ];
  for (const [index, change] of spoil.entries()) {
    change();
    expect(tls.current()).toMatchObject({ cert: first.cert });
    expect(logged).toHaveLength(index + 1);
  }
  expect(JSON.stringify(logged)).not.toMatch(/BEGIN|PRIVATE/);
});

test("renewed authorities are used too", () => {
  use(first);
  const tls = source();
  const root = authorities.found("Root");
  put("ca", root.certFile);
  expect(tls.current().ca).toBe(root.cert);
});

describe("the warning before our certificate expires", () => {
  const warnings = () => logged.filter(({ level }) => level === "warn");

  test("starts thirty days before, and comes once a day", () => {
    use(ending(31));
    const tls = source();
    expect(warnings()).toEqual([]);
    clock.advance(DAY_MS);
    tls.current();
    tls.current();
    expect(warnings()).toEqual([
      { level: "warn", message: "our client certificate expires soon", fields: { days: 30 } },
    ]);
    clock.advance(DAY_MS);
    tls.current();
    expect(warnings()).toHaveLength(2);
  });

  test("comes at the start, and stops once the certificate is renewed", () => {
    use(ending(5));
    const tls = source();
    expect(warnings()).toHaveLength(1);
    use(second);
    clock.advance(2 * DAY_MS);
    tls.current();
    expect(warnings()).toHaveLength(1);
  });

  test("reports a certificate that has expired meanwhile, which stays in use", () => {
    use(ending(1));
    const tls = source();
    clock.advance(2 * DAY_MS);
    expect(tls.current()).toHaveProperty("cert");
    expect(warnings().at(-1)).toMatchObject({ message: "our client certificate has expired" });
  });
});

test("the source cannot be created with unusable files", () => {
  use(first);
  put("key", second.keyFile);
  expect(source).toThrow("SPINE_CLIENT_KEY_FILE does not belong");
});
