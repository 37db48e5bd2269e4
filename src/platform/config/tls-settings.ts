import { z } from "zod";
import { readTlsFiles, type TlsFiles, type TlsMaxVersion } from "../tls/tls-files.js";
import { file } from "./setting-fields.js";

/** Mutual TLS with Spine: SSP, V&M and the directory by LDAP (design, section 7). */
export const tlsSettings = {
  SPINE_CLIENT_CERT_FILE: file,
  SPINE_CLIENT_KEY_FILE: file,
  SPINE_CA_FILE: file,
  SPINE_CRL_FILE: file,
  /** Spine's rules name version 1.2 only (assurance notes, 3.3). */
  SPINE_TLS_MAX_VERSION: z.enum(["TLSv1.2", "TLSv1.3"], "must be TLSv1.2 or TLSv1.3").default("TLSv1.2"),
};

/** The files among the settings. */
export function tlsFilesOf(settings: TlsFiles): TlsFiles {
  const { SPINE_CLIENT_CERT_FILE, SPINE_CLIENT_KEY_FILE, SPINE_CA_FILE, SPINE_CRL_FILE } = settings;
  return { SPINE_CLIENT_CERT_FILE, SPINE_CLIENT_KEY_FILE, SPINE_CA_FILE, SPINE_CRL_FILE };
}

/** The missing files, and the faults in the others. */
export function tlsFaults(
  settings: TlsFiles & { readonly SPINE_TLS_MAX_VERSION: TlsMaxVersion },
  now: number,
): string[] {
  const files = tlsFilesOf(settings);
  const { SPINE_CLIENT_CERT_FILE: cert, SPINE_CLIENT_KEY_FILE: key, SPINE_CA_FILE: ca } = files;
  const faults: string[] = [];
  if (cert === undefined && key !== undefined) faults.push("SPINE_CLIENT_CERT_FILE is required with its key");
  if (key === undefined && cert !== undefined) {
    faults.push("SPINE_CLIENT_KEY_FILE is required with its certificate");
  }
  if (ca === undefined && Object.values(files).some((path) => path !== undefined)) {
    faults.push("SPINE_CA_FILE is required with a certificate: the system's authorities do not cover Spine");
  }
  return [...faults, ...readTlsFiles(files, now, settings.SPINE_TLS_MAX_VERSION).faults];
}
