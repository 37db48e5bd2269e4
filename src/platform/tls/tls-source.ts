import { statSync } from "node:fs";
import type { Clock } from "../clock.js";
import type { Log } from "../telemetry/log.js";
import { readTlsFiles, type TlsFiles, type TlsMaterial, type TlsMaxVersion } from "./tls-files.js";

export type { TlsFiles, TlsMaterial, TlsMaxVersion } from "./tls-files.js";

export interface TlsSourceOptions {
  readonly files: TlsFiles;
  readonly maxVersion?: TlsMaxVersion | undefined;
  readonly clock: Clock;
  readonly log: Pick<Log, "info" | "warn" | "error">;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const WARN_DAYS = 30;

/**
 * Our certificate, its key and the authorities we trust, for connections to Spine. The files are checked for each new
 * connection, so renewed files are used without a restart; established connections go on. If the new files cannot be used,
 * for instance because the key has not been replaced yet, the earlier ones stay in use.
 */
export class TlsSource {
  #material: TlsMaterial;
  #expiresAt: number | undefined;
  #fingerprint: string;
  #warnedAt = Number.NEGATIVE_INFINITY;

  /** @throws Error when the files cannot be used. Rare, because the settings have been checked before. */
  constructor(private readonly options: TlsSourceOptions) {
    const { files, maxVersion, clock } = options;
    this.#fingerprint = fingerprintOf(files);
    const { material, faults, expiresAt } = readTlsFiles(files, clock.now(), maxVersion);
    if (material === undefined) throw new Error(faults.join("; ") || "SPINE_CA_FILE is required");
    this.#material = material;
    this.#expiresAt = expiresAt;
    this.#warnBeforeExpiry();
  }

  /** The same object as long as the files do not change. */
  current(): TlsMaterial {
    const fingerprint = fingerprintOf(this.options.files);
    if (fingerprint !== this.#fingerprint) this.#reload(fingerprint);
    this.#warnBeforeExpiry();
    return this.#material;
  }

  /** When our certificate expires, milliseconds since the epoch. */
  get expiresAt(): number | undefined {
    return this.#expiresAt;
  }

  #reload(fingerprint: string): void {
    const { files, maxVersion, clock, log } = this.options;
    this.#fingerprint = fingerprint;
    const { material, faults, expiresAt } = readTlsFiles(files, clock.now(), maxVersion);
    if (material === undefined) {
      log.error({ faults }, "the changed TLS files cannot be used; the earlier ones stay in use");
      return;
    }
    this.#material = material;
    this.#expiresAt = expiresAt;
    this.#warnedAt = Number.NEGATIVE_INFINITY;
    log.info({ expires: expiresAt && new Date(expiresAt).toISOString() }, "the changed TLS files are in use");
  }

  /** Warns once a day, from thirty days before the certificate expires. */
  #warnBeforeExpiry(): void {
    const now = this.options.clock.now();
    if (this.#expiresAt === undefined || this.#expiresAt - now > WARN_DAYS * DAY_MS) return;
    if (now - this.#warnedAt < DAY_MS) return;
    this.#warnedAt = now;
    const days = Math.floor((this.#expiresAt - now) / DAY_MS);
    const words = days < 0 ? "our client certificate has expired" : "our client certificate expires soon";
    this.options.log.warn({ days }, words);
  }
}

/** Changes when one of the files changes or disappears. */
function fingerprintOf(files: TlsFiles): string {
  return Object.values(files)
    .map((path: string | undefined) => {
      const found = path === undefined ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false });
      return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : "";
    })
    .join(" ");
}
