import { type Credentials, createAuthority } from "./authority.js";

export type { Credentials } from "./authority.js";

/** The host names of the clients' certificates. */
export const CLIENT_HOSTS = {
  /** Registered for the accredited consumer: SSP, V&M and the directory by LDAP accept it. */
  consumer: "consumer.spine-sandbox.example",
  /** The proxy's: practices accept it alone. */
  proxy: "proxy.spine-sandbox.example",
} as const;

/** Everything that a sandbox with TLS needs. */
export interface SandboxCredentials {
  /** The authority of all the others. */
  readonly ca: string;
  /** The certificates that the authority has revoked. */
  readonly crl: string;
  /** One for all ports. */
  readonly server: Credentials;
  readonly proxy: Credentials;
  /** The accredited consumer's. */
  readonly consumer: Credentials;
  /** Consumers' certificates that are refused, by the reason. */
  readonly refused: Readonly<Record<RefusedReason, Credentials>>;
}

/** Why a client certificate is refused (P-T3). */
export type RefusedReason = "wrong-host" | "unknown-issuer" | "revoked" | "expired";

/** Creates a throw-away authority and what it issues. Takes a few hundred milliseconds, most of it for the RSA key. */
export async function createCredentials(): Promise<SandboxCredentials> {
  const [authority, stranger] = await Promise.all([
    createAuthority("Spine sandbox (throw-away)"),
    createAuthority("Unknown to the Spine sandbox"),
  ]);
  const { consumer: host, proxy: proxyHost } = CLIENT_HOSTS;
  const client = { host, usage: "client" } as const;
  const [server, proxy, consumer, wrongHost, unknownIssuer, revoked, expired] = await Promise.all([
    authority.issue({
      host: "localhost",
      usage: "server",
      names: [
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
      ],
      algorithm: "RSA",
    }),
    authority.issue({ host: proxyHost, usage: "client" }),
    authority.issue(client),
    authority.issue({ ...client, host: "other.spine-sandbox.example" }),
    stranger.issue(client),
    authority.issue(client),
    authority.issue({ ...client, isExpired: true }),
  ]);
  return {
    ca: authority.cert,
    crl: await authority.revoke(revoked),
    server,
    proxy,
    consumer,
    refused: { "wrong-host": wrongHost, "unknown-issuer": unknownIssuer, revoked, expired },
  };
}
