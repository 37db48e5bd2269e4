import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, as PEM text. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate is for. */
export interface CertificateRequest {
  /** The common name. The proxy compares a client's with the name registered for its ASID. */
  readonly host: string;
  readonly usage: "server" | "client";
  /** Further names of a server. */
  readonly names?: readonly { readonly type: "dns" | "ip"; readonly value: string }[];
  /** Valid until yesterday. */
  readonly isExpired?: boolean;
  /** The suites of Spine need a server key for RSA. Other keys are created faster. */
  readonly algorithm?: "RSA" | "EC";
}

/** A certification authority that lasts as long as the process. */
export interface Authority {
  /** Its own certificate, as PEM text. */
  readonly cert: string;
  issue(request: CertificateRequest): Promise<Credentials>;
  /** The list of revoked certificates, as PEM text. */
  revoke(...revoked: readonly Credentials[]): Promise<string>;
}

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/** Creates an authority with a new key. Its certificates use the real time, not the sandbox's clock. */
export async function createAuthority(name: string): Promise<Authority> {
  cryptoProvider.set(webcrypto);
  const keys = await createKeys("EC");
  const now = Date.now();
  const own = await X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: `CN=${name}`,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + YEAR_MS),
    signingAlgorithm: EC,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const issued = new Map<string, X509Certificate>();
  return {
    cert: pem(own),
    issue: async (request) => {
      const leaf = await createKeys(request.algorithm ?? "EC");
      const certificate = await X509CertificateGenerator.create({
        // A leading 1 keeps the number positive.
        serialNumber: `01${webcrypto.randomUUID().replaceAll("-", "")}`,
        subject: `CN=${request.host}`,
        issuer: own.subject,
        notBefore: new Date(now - 2 * DAY_MS),
        notAfter: new Date(request.isExpired ? now - DAY_MS : now + YEAR_MS),
        signingAlgorithm: EC,
        publicKey: leaf.publicKey,
        signingKey: keys.privateKey,
        extensions: await extensionsOf(request, leaf.publicKey, keys.publicKey),
      });
      const exported = await webcrypto.subtle.exportKey("pkcs8", leaf.privateKey);
      const credentials = {
        cert: pem(certificate),
        key: `${PemConverter.encode(exported, "PRIVATE KEY")}\n`,
      };
      issued.set(credentials.cert, certificate);
      return credentials;
    },
    revoke: async (...revoked) => {
      const list = await X509CrlGenerator.create({
        issuer: own.subject,
        thisUpdate: new Date(now - DAY_MS),
        nextUpdate: new Date(now + YEAR_MS),
        signingAlgorithm: EC,
        signingKey: keys.privateKey,
        entries: revoked.flatMap(({ cert }) => {
          const certificate = issued.get(cert);
          return certificate
            ? [{ serialNumber: certificate.serialNumber, revocationDate: new Date(now - DAY_MS) }]
            : [];
        }),
      });
      // OpenSSL does not know the label of the library.
      return `${PemConverter.encode(list.rawData, "X509 CRL")}\n`;
    },
  };
}

async function extensionsOf(
  { host, usage, names = [] }: CertificateRequest,
  key: webcrypto.CryptoKey,
  issuerKey: webcrypto.CryptoKey,
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension([
      usage === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
    ]),
    new SubjectAlternativeNameExtension([{ type: "dns", value: host }, ...names]),
    await SubjectKeyIdentifierExtension.create(key),
    await AuthorityKeyIdentifierExtension.create(issuerKey),
  ];
}

function createKeys(algorithm: "RSA" | "EC"): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm === "RSA" ? RSA : EC, true, ["sign", "verify"]);
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}
