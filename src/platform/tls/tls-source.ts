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
 * Our certificate, its key and the authorities we trust, for connections to Spine. The files are looked at whenever
 * a connection is made, so that renewed ones are taken up without a restart; connections that stand live on. Files
 * that cannot be used, such as a certificate whose key has not been replaced yet, leave what was there in use.
 */
export class TlsSource {
  #material: TlsMaterial;
  #expiresAt: number | undefined;
  #stamp: string;
  #warnedAt = Number.NEGATIVE_INFINITY;

  /** @throws Error when the files cannot be used; the settings have been checked before, so this is rare. */
  constructor(private readonly options: TlsSourceOptions) {
    const { files, maxVersion, clock } = options;
    this.#stamp = stampOf(files);
    const { material, faults, expiresAt } = readTlsFiles(files, clock.now(), maxVersion);
    if (material === undefined) throw new Error(faults.join("; ") || "SPINE_CA_FILE is required");
    this.#material = material;
    this.#expiresAt = expiresAt;
    this.#warnBeforeExpiry();
  }

  /** The same object as long as the files stay as they are. */
  current(): TlsMaterial {
    const stamp = stampOf(this.options.files);
    if (stamp !== this.#stamp) this.#reload(stamp);
    this.#warnBeforeExpiry();
    return this.#material;
  }

  /** End of our certificate, milliseconds since the epoch. */
  get expiresAt(): number | undefined {
    return this.#expiresAt;
  }

  #reload(stamp: string): void {
    const { files, maxVersion, clock, log } = this.options;
    this.#stamp = stamp;
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

  /** Once a day, from thirty days before the end. */
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

/** Changes when one of the files does. A file that is not there at the moment counts as a change too. */
function stampOf(files: TlsFiles): string {
  return Object.values(files)
    .map((path: string | undefined) => {
      const found = path === undefined ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false });
      return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : "";
    })
    .join(" ");
}
