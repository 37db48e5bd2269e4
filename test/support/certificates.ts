import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bits, boolean, der, integer, oid, sequence, tagged, time, toPem, utf8 } from "./der.js";

/** A certificate and its key, as PEM text and as files. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateOptions {
  readonly usage: "serverAuth" | "clientAuth";
  /** For a server: `DNS:localhost`, `IP:127.0.0.1`. */
  readonly names?: readonly string[];
  /** Valid until the first of January 2020 only. */
  readonly expired?: boolean;
  /** Left out: valid from yesterday until tomorrow. */
  readonly validFrom?: Date;
  readonly validTo?: Date;
  /** The suites that Spine asks for need an RSA key, which takes longer to make. */
  readonly algorithm?: "ec" | "rsa";
}

export interface TestAuthority extends TestCertificate {
  /** An authority below this one, as a Sub CA is below a Root CA. */
  createBelow(
    name: string,
    validity?: Pick<CertificateOptions, "expired" | "validFrom" | "validTo">,
  ): TestAuthority;
  issue(commonName: string, options: CertificateOptions): TestCertificate;
  /** The list of those that it has taken back, as PEM text. */
  revocationList(revoked: readonly TestCertificate[]): string;
}

export interface TestAuthorities {
  /** A certification authority that nobody else knows. */
  found(name: string, algorithm?: "ec" | "rsa"): TestAuthority;
  remove(): void;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const EXTENSION = {
  subjectKey: "2.5.29.14",
  keyUsage: "2.5.29.15",
  names: "2.5.29.17",
  constraints: "2.5.29.19",
  authorityKey: "2.5.29.35",
  extendedUsage: "2.5.29.37",
};
const USAGE = { serverAuth: "1.3.6.1.5.5.7.3.1", clientAuth: "1.3.6.1.5.5.7.3.2" };

/**
 * Certificates for tests of TLS, made here in a folder of their own (RFC 5280), so that no other program is needed;
 * nothing of them lies in the repository.
 */
export function createTestAuthorities(): TestAuthorities {
  const root = mkdtempSync(join(tmpdir(), "spine-graph-tls-"));
  return {
    found: (name, algorithm) => foundAuthority(join(root, name), name, algorithm),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** @param certifyBelow signs the authority's own certificate; a root signs its own. */
function foundAuthority(
  folder: string,
  name: string,
  algorithm: "ec" | "rsa" = "ec",
  certifyBelow?: (subject: Buffer, key: KeyObject) => string,
): TestAuthority {
  mkdirSync(folder);
  const issuer = distinguishedName(name);
  const { privateKey, publicKey } = keyPair(algorithm);
  const serials = new Map<string, Buffer>();
  let issued = 0;
  const certify = (subject: Buffer, key: KeyObject, validity: Validity, extensions: Buffer[]): string => {
    const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
    const spki = key.export({ type: "spki", format: "der" });
    const body = sequence(
      tagged(0, integer(2)),
      integer(serial),
      algorithmOf(privateKey),
      issuer,
      sequence(time(validity.from), time(validity.to)),
      subject,
      spki,
      tagged(
        3,
        sequence(
          ...extensions,
          extension(EXTENSION.subjectKey, der(0x04, keyId(key))),
          extension(EXTENSION.authorityKey, sequence(der(0x80, keyId(publicKey)))),
        ),
      ),
    );
    const cert = toPem("CERTIFICATE", signed(body, privateKey));
    serials.set(cert, serial);
    return cert;
  };
  const lasting = { from: new Date("2020-01-01T00:00:00Z"), to: new Date("2049-12-31T00:00:00Z") };
  const certifyAuthority = (subject: Buffer, key: KeyObject, validFor: Validity) =>
    certify(subject, key, validFor, [
      extension(EXTENSION.constraints, sequence(boolean(true)), true),
      extension(EXTENSION.keyUsage, bits(Buffer.from([0b0000_0110]), 1), true), // keyCertSign, cRLSign
    ]);
  const own = certifyBelow?.(issuer, publicKey) ?? certifyAuthority(issuer, publicKey, lasting);

  return {
    ...write(folder, "authority", own, privateKey),
    createBelow: (below, options) =>
      foundAuthority(join(folder, below), below, algorithm, (subject, key) =>
        certifyAuthority(subject, key, options ? validity(options) : lasting),
      ),
    issue(commonName, options) {
      issued += 1;
      const leaf = keyPair(options.algorithm ?? "ec");
      const names = (options.names ?? []).map(alternativeName);
      const cert = certify(distinguishedName(commonName), leaf.publicKey, validity(options), [
        extension(EXTENSION.constraints, sequence()),
        extension(EXTENSION.extendedUsage, sequence(oid(USAGE[options.usage]))),
        ...(names.length > 0 ? [extension(EXTENSION.names, sequence(...names))] : []),
      ]);
      return write(folder, `leaf-${issued}`, cert, leaf.privateKey);
    },
    revocationList(revoked) {
      const now = time(new Date(Date.now() - DAY_MS));
      const entries = revoked.map(({ cert }) => sequence(integer(serials.get(cert) ?? 0), now));
      const nextUpdate = time(new Date(Date.now() + DAY_MS));
      const list = entries.length > 0 ? [sequence(...entries)] : [];
      const body = sequence(integer(1), algorithmOf(privateKey), issuer, now, nextUpdate, ...list);
      return toPem("X509 CRL", signed(body, privateKey));
    },
  };
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

function validity({ expired, validFrom, validTo }: Partial<CertificateOptions>): Validity {
  if (expired) return { from: new Date("2019-01-01T00:00:00Z"), to: new Date("2020-01-01T00:00:00Z") };
  return { from: validFrom ?? new Date(Date.now() - DAY_MS), to: validTo ?? new Date(Date.now() + DAY_MS) };
}

function keyPair(algorithm: "ec" | "rsa") {
  return algorithm === "rsa"
    ? generateKeyPairSync("rsa", { modulusLength: 2048 })
    : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
}

function keyId(key: KeyObject): Buffer {
  return createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();
}

/** With SHA-256. */
function algorithmOf(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === "ec") return sequence(oid("1.2.840.10045.4.3.2"));
  return sequence(oid("1.2.840.113549.1.1.11"), der(0x05));
}

function signed(body: Buffer, key: KeyObject): Buffer {
  return sequence(body, algorithmOf(key), bits(sign("sha256", body, key)));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid("2.5.4.3"), utf8(commonName))));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), der(0x04, value));
}

function alternativeName(name: string): Buffer {
  const [kind, value = ""] = name.split(/:(.*)/s);
  if (kind === "IP") return der(0x87, Buffer.from(value.split(".").map(Number)));
  return der(0x82, Buffer.from(value, "ascii"));
}

function write(folder: string, name: string, cert: string, privateKey: KeyObject): TestCertificate {
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const files = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
  writeFileSync(files.certFile, cert);
  writeFileSync(files.keyFile, key, { mode: 0o600 });
  return { cert, key, ...files };
}
