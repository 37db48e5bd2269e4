import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTlsFiles, type TlsFiles } from "../../src/platform/tls/tls-files.js";
import { createTestAuthorities } from "../support/certificates.js";

const NOW = Date.parse("2026-11-23T09:00:00Z");
const day = (text: string) => new Date(`${text}T12:00:00Z`);

const authorities = createTestAuthorities();
const authority = authorities.found("Spine");
const lasting = { validFrom: day("2026-01-01"), validTo: day("2027-06-30"), usage: "clientAuth" } as const;
const ours = authority.issue("consumer.example", lasting);
const other = authority.issue("other.example", lasting);
const over = authority.issue("over.example", { ...lasting, validTo: day("2026-11-22") });
const early = authority.issue("early.example", { ...lasting, validFrom: day("2026-11-24") });
const folder = mkdtempSync(join(tmpdir(), "spine-graph-tls-files-"));

afterAll(() => {
  authorities.remove();
  rmSync(folder, { recursive: true });
});

const FILES: TlsFiles = {
  SPINE_CLIENT_CERT_FILE: ours.certFile,
  SPINE_CLIENT_KEY_FILE: ours.keyFile,
  SPINE_CA_FILE: authority.certFile,
};

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const faultsOf = (files: TlsFiles) => readTlsFiles({ ...FILES, ...files }, NOW).faults;

test("valid files give the connection options and the expiry of our certificate", () => {
  expect(readTlsFiles(FILES, NOW)).toEqual({
    faults: [],
    expiresAt: day("2027-06-30").getTime(),
    material: {
      ca: authority.cert,
      cert: ours.cert,
      key: ours.key,
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.2",
      ciphers:
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:" +
        "DHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-SHA:DHE-RSA-AES256-SHA256:DHE-RSA-AES256-SHA",
    },
  });
});

test("TLS 1.3 adds its own cipher suites, without which it would be off", () => {
  const { material } = readTlsFiles(FILES, NOW, "TLSv1.3");
  expect(material).toMatchObject({ maxVersion: "TLSv1.3", ciphers: expect.stringMatching(/^TLS_AES_256/) });
});

test("without files there are no options and no fault", () => {
  expect(readTlsFiles({}, NOW)).toMatchObject({ material: undefined, faults: [] });
});

test("a chain and a bundle of several authorities are accepted; the first certificate is ours", () => {
  const root = authorities.found("Root");
  expect(
    readTlsFiles(
      {
        ...FILES,
        SPINE_CLIENT_CERT_FILE: file("chain.pem", ours.cert + authority.cert),
        SPINE_CA_FILE: file("bundle.pem", `Sub CA\n${authority.cert}\nRoot CA\n${root.cert}`),
      },
      NOW,
    ).faults,
  ).toEqual([]);
});

test.each<[string, () => TlsFiles, string]>([
  ["a missing file", () => ({ SPINE_CA_FILE: "/nowhere" }), "SPINE_CA_FILE cannot be read (ENOENT)"],
  ["a folder", () => ({ SPINE_CLIENT_KEY_FILE: folder }), "SPINE_CLIENT_KEY_FILE cannot be read (EISDIR)"],
  [
    "a file that is not a certificate",
    () => ({ SPINE_CLIENT_CERT_FILE: file("text", "hello") }),
    "SPINE_CLIENT_CERT_FILE contains no certificate (PEM)",
  ],
  [
    "a certificate in place of a key",
    () => ({ SPINE_CLIENT_KEY_FILE: ours.certFile }),
    "SPINE_CLIENT_KEY_FILE contains no private key that can be read without a passphrase (PEM)",
  ],
  [
    "a key with a passphrase",
    () => ({ SPINE_CLIENT_KEY_FILE: file("locked.key", locked(ours.key)) }),
    "SPINE_CLIENT_KEY_FILE contains no private key that can be read without a passphrase (PEM)",
  ],
  [
    "the key of another certificate",
    () => ({ SPINE_CLIENT_KEY_FILE: other.keyFile }),
    "SPINE_CLIENT_KEY_FILE does not belong to the certificate in SPINE_CLIENT_CERT_FILE",
  ],
  [
    "an expired certificate",
    () => ({ SPINE_CLIENT_CERT_FILE: over.certFile, SPINE_CLIENT_KEY_FILE: over.keyFile }),
    "SPINE_CLIENT_CERT_FILE expired on 2026-11-22",
  ],
  [
    "a certificate that is not valid yet",
    () => ({ SPINE_CLIENT_CERT_FILE: early.certFile, SPINE_CLIENT_KEY_FILE: early.keyFile }),
    "SPINE_CLIENT_CERT_FILE is not valid before 2026-11-24",
  ],
  [
    "no authorities",
    () => ({ SPINE_CA_FILE: file("empty", "") }),
    "SPINE_CA_FILE contains no certificates, or one that cannot be read (PEM)",
  ],
  [
    "a broken certificate among the authorities",
    () => ({ SPINE_CA_FILE: file("broken", authority.cert + authority.cert.replace(/\w{20}/, "")) }),
    "SPINE_CA_FILE contains no certificates, or one that cannot be read (PEM)",
  ],
  [
    "expired authorities",
    () => ({ SPINE_CA_FILE: over.certFile }),
    "SPINE_CA_FILE contains only certificates that have expired",
  ],
])("%s is reported as a fault", (_title, files, expected) => {
  expect(faultsOf(files())).toEqual([expected]);
});

test("a revocation list that is not one cannot be used", () => {
  expect(faultsOf({ SPINE_CRL_FILE: file("crl", "hello") })).toEqual([
    expect.stringMatching(/^The TLS files cannot be used/),
  ]);
});

test("all faults are listed at once, without a path or the content of a file", () => {
  const faults = faultsOf({
    SPINE_CLIENT_CERT_FILE: file("canary-cert", "canary"),
    SPINE_CLIENT_KEY_FILE: "-----BEGIN PRIVATE KEY-----canary",
    SPINE_CA_FILE: file("canary-ca", "-----BEGIN CERTIFICATE-----canary-----END CERTIFICATE-----"),
  });
  expect(faults).toHaveLength(3);
  expect(faults.join()).not.toMatch(/canary|BEGIN/);
});

function locked(key: string): string {
  return createPrivateKey(key)
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
    .toString();
}
