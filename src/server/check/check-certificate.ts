import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type CheckOutcome, toCertificateOutcome } from "./outcomes.js";

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

export interface CertificateFiles {
  readonly SPINE_CLIENT_CERT_FILE?: string | undefined;
  readonly SPINE_CA_FILE?: string | undefined;
}

/**
 * Days left of our certificate, and whether a chain leads from it to a root: servers that know the root only refuse a
 * certificate whose issuer was not sent.
 *
 * @param endsAt end of our certificate, milliseconds since the epoch; undefined without one.
 */
export function checkOwnCertificate(
  endsAt: number | undefined,
  files: CertificateFiles,
  now: number,
): CheckOutcome {
  const outcome = toCertificateOutcome(endsAt, now);
  if (outcome.result === "SKIP" || outcome.result === "FAIL") return outcome;
  const sent = certificatesIn(files.SPINE_CLIENT_CERT_FILE);
  const trusted = certificatesIn(files.SPINE_CA_FILE);
  const [leaf] = sent;
  if (leaf === undefined) return { result: "FAIL", details: "no certificate in the file" };
  const path = pathFrom(leaf, [...sent, ...trusted]);
  const last = path.at(-1) ?? leaf;
  if (!isRoot(last)) {
    return { result: "FAIL", details: `${outcome.details}, its issuer is in neither file` };
  }
  const soonest = Math.min(...path.map(({ validTo }) => Date.parse(validTo)));
  if (soonest < now) return { result: "FAIL", details: "an issuer's certificate has expired" };
  const latest = Math.max(...path.map(({ validFrom }) => Date.parse(validFrom)));
  if (latest > now) return { result: "FAIL", details: "an issuer's certificate is not valid yet" };
  const isSent = path
    .slice(1, -1)
    .every((one) => sent.some(({ fingerprint256 }) => fingerprint256 === one.fingerprint256));
  if (!isSent) return { result: "WARN", details: `${outcome.details}, its issuer is not sent with it` };
  return { ...outcome, details: `${outcome.details}, chain of ${path.length}` };
}

function certificatesIn(path: string | undefined): X509Certificate[] {
  if (path === undefined) return [];
  return (readFileSync(path, "utf8").match(PEM) ?? []).map((pem) => new X509Certificate(pem));
}

/** From a certificate to its issuer and on, as far as the files have them. */
function pathFrom(leaf: X509Certificate, known: readonly X509Certificate[]): X509Certificate[] {
  const path = [leaf];
  for (let last = leaf; !isRoot(last) && path.length <= known.length; ) {
    const issuer = known.find(
      (one) => !path.includes(one) && last.checkIssued(one) && last.verify(one.publicKey),
    );
    if (issuer === undefined) break;
    path.push(issuer);
    last = issuer;
  }
  return path;
}

const isRoot = (certificate: X509Certificate) => certificate.checkIssued(certificate);
