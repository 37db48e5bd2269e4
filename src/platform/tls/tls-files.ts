import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext, type SecureVersion } from "node:tls";

/** The files of our certificate, its key and the authorities that we trust, by the names of their settings. */
export interface TlsFiles {
  readonly SPINE_CLIENT_CERT_FILE?: string | undefined;
  readonly SPINE_CLIENT_KEY_FILE?: string | undefined;
  readonly SPINE_CA_FILE?: string | undefined;
  /** Certificates that the authorities have revoked. Node does not check revocation by itself. */
  readonly SPINE_CRL_FILE?: string | undefined;
}

/** The options of connections to Spine, for `tls.connect`. */
export interface TlsMaterial {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly crl?: string;
  readonly ciphers: string;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
}

/** The content of the files. */
export interface TlsReading {
  /** Undefined when there is a fault. */
  readonly material: TlsMaterial | undefined;
  readonly faults: readonly string[];
  /** When our certificate expires, milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
}

export type TlsMaxVersion = "TLSv1.2" | "TLSv1.3";

/** The cipher suites that Spine must be able to choose (assurance notes, 3.3), in its order of preference. No others. */
const SUITES = [
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-SHA384",
  "ECDHE-RSA-AES256-SHA",
  "DHE-RSA-AES256-SHA256",
  "DHE-RSA-AES256-SHA",
];

/** Only where an environment permits TLS 1.3, which needs one of these. */
const TLS_1_3_SUITES = ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"];

/**
 * Reads and checks the files: readable, matching, in date. Faults name settings, never the content or the path of a
 * file: somebody may have put the key itself in place of its path.
 */
export function readTlsFiles(
  files: TlsFiles,
  now: number,
  maxVersion: TlsMaxVersion = "TLSv1.2",
): TlsReading {
  const faults: string[] = [];
  const text = (name: keyof TlsFiles): string | undefined => {
    const path = files[name];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      faults.push(`${name} cannot be read (${codeOf(error)})`);
      return undefined;
    }
  };
  const ca = text("SPINE_CA_FILE");
  const cert = text("SPINE_CLIENT_CERT_FILE");
  const key = text("SPINE_CLIENT_KEY_FILE");
  const crl = text("SPINE_CRL_FILE");
  const own = cert === undefined ? undefined : checkCertificate(cert, now, faults);
  if (key !== undefined) checkKey(key, own, faults);
  if (ca !== undefined) checkAuthorities(ca, now, faults);
  const expiresAt = own && Date.parse(own.validTo);
  if (faults.length > 0 || ca === undefined) return { material: undefined, faults, expiresAt };

  const suites = maxVersion === "TLSv1.3" ? [...TLS_1_3_SUITES, ...SUITES] : SUITES;
  const material: TlsMaterial = Object.freeze({
    ca,
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(crl !== undefined && { crl }),
    ciphers: suites.join(":"),
    minVersion: "TLSv1.2",
    maxVersion,
  });
  try {
    createSecureContext(material);
  } catch (error) {
    return { material: undefined, faults: [`The TLS files cannot be used (${codeOf(error)})`], expiresAt };
  }
  return { material, faults, expiresAt };
}

function checkCertificate(pem: string, now: number, faults: string[]): X509Certificate | undefined {
  const certificate = parseCertificate(pem);
  if (certificate === undefined) faults.push("SPINE_CLIENT_CERT_FILE contains no certificate (PEM)");
  else if (Date.parse(certificate.validTo) <= now) {
    faults.push(`SPINE_CLIENT_CERT_FILE expired on ${day(certificate.validTo)}`);
  } else if (Date.parse(certificate.validFrom) > now) {
    faults.push(`SPINE_CLIENT_CERT_FILE is not valid before ${day(certificate.validFrom)}`);
  }
  return certificate;
}

function checkKey(pem: string, certificate: X509Certificate | undefined, faults: string[]): void {
  try {
    const key = createPrivateKey(pem);
    if (certificate && !certificate.checkPrivateKey(key)) {
      faults.push("SPINE_CLIENT_KEY_FILE does not belong to the certificate in SPINE_CLIENT_CERT_FILE");
    }
  } catch {
    faults.push("SPINE_CLIENT_KEY_FILE contains no private key that can be read without a passphrase (PEM)");
  }
}

/** An expired authority is harmless as long as another one is valid. */
function checkAuthorities(bundle: string, now: number, faults: string[]): void {
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  const certificates = blocks.map(parseCertificate);
  if (certificates.length === 0 || certificates.includes(undefined)) {
    faults.push("SPINE_CA_FILE contains no certificates, or one that cannot be read (PEM)");
  } else if (certificates.every((one) => one !== undefined && Date.parse(one.validTo) <= now)) {
    faults.push("SPINE_CA_FILE contains only certificates that have expired");
  }
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

const day = (date: string): string => new Date(date).toISOString().slice(0, 10);

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
}
