import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, as PEM text and as files. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateWish {
  readonly usage: "serverAuth" | "clientAuth";
  /** For a server: `DNS:localhost`, `IP:127.0.0.1`. */
  readonly names?: readonly string[];
  /** Valid until the first of January 2020 only. */
  readonly expired?: boolean;
}

export interface TestAuthority extends TestCertificate {
  issue(commonName: string, wish: CertificateWish): TestCertificate;
}

export interface TestAuthorities {
  /** A certification authority that nobody else knows. */
  found(name: string): TestAuthority;
  remove(): void;
}

/** Certificates for tests of TLS, made by openssl in a folder of their own; nothing of them lies in the repository. */
export function createTestAuthorities(): TestAuthorities {
  const root = mkdtempSync(join(tmpdir(), "spine-graph-tls-"));
  return {
    found: (name) => foundAuthority(join(root, name), name),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function foundAuthority(folder: string, name: string): TestAuthority {
  mkdirSync(folder);
  const own = certificateIn(folder, "authority");
  openssl([
    ...["req", "-x509", ...NEW_KEY, "-keyout", own.keyFile, "-out", own.certFile, "-days", "2"],
    ...["-subj", `/CN=${name}`, "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
  ]);
  writeFileSync(join(folder, "index.txt"), "");
  writeFileSync(join(folder, "ca.conf"), AUTHORITY_SETTINGS.replaceAll("FOLDER", folder));
  let issued = 0;

  return {
    ...withText(own),
    issue(commonName, { usage, names = [], expired = false }) {
      issued += 1;
      const leaf = certificateIn(folder, `leaf-${issued}`);
      const request = join(folder, `leaf-${issued}.csr`);
      const extensions = join(folder, `leaf-${issued}.ext`);
      const names_ = names.length > 0 ? `subjectAltName=${names.join(",")}\n` : "";
      writeFileSync(extensions, `basicConstraints=CA:FALSE\nextendedKeyUsage=${usage}\n${names_}`);
      openssl(["req", ...NEW_KEY, "-keyout", leaf.keyFile, "-out", request, "-subj", `/CN=${commonName}`]);
      openssl([
        ...["ca", "-batch", "-notext", "-config", join(folder, "ca.conf"), "-rand_serial"],
        ...["-cert", own.certFile, "-keyfile", own.keyFile, "-extfile", extensions],
        ...["-in", request, "-out", leaf.certFile],
        ...(expired ? ["-startdate", "20190101000000Z", "-enddate", "20200101000000Z"] : ["-days", "2"]),
      ]);
      return withText(leaf);
    },
  };
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

const AUTHORITY_SETTINGS = `
[ca]
default_ca = tests
[tests]
database = FOLDER/index.txt
new_certs_dir = FOLDER
default_md = sha256
policy = anything
unique_subject = no
[anything]
commonName = supplied
`;

function certificateIn(folder: string, name: string) {
  return { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
}

function withText(files: { certFile: string; keyFile: string }): TestCertificate {
  return {
    ...files,
    cert: readFileSync(files.certFile, "utf8"),
    key: readFileSync(files.keyFile, "utf8"),
  };
}

function openssl(parameters: readonly string[]): void {
  execFileSync("openssl", parameters, { stdio: "pipe" });
}
