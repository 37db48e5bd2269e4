import type { SandboxUrls } from "../sandbox-options.js";
import type { TlsFiles } from "../tls/credential-files.js";
import type { OutputFormat } from "./arguments.js";

/** The URLs of a sandbox, and with TLS the files that a consumer needs, for the user or for a program. */
export function printUrls(urls: SandboxUrls, format: OutputFormat, tls?: TlsFiles): string {
  if (format === "json") return `${JSON.stringify({ ...urls, control: controlUrl(urls), tls })}\n`;
  return format === "env" ? asEnvironment(urls, tls) : asText(urls, tls);
}

/** `export` lines for a shell. */
function asEnvironment(urls: SandboxUrls, tls: TlsFiles | undefined): string {
  const variables = {
    SANDBOX_URL: urls.gateway,
    PDS_URL: urls.pds,
    PDS_TOKEN_URL: urls.pdsToken,
    SDS_URL: urls.sds,
    SANDBOX_LDAP_URL: urls.ldap,
    SSP_URL: urls.ssp,
    SANDBOX_VM_URL: urls.vm,
    SANDBOX_CONTROL_URL: controlUrl(urls),
    ...(tls && {
      SPINE_CA_FILE: tls.ca,
      SPINE_CLIENT_CERT_FILE: tls.clientCert,
      SPINE_CLIENT_KEY_FILE: tls.clientKey,
      SPINE_CRL_FILE: tls.crl,
      // PDS and SDS have ordinary TLS. Programs of Node trust the authority by this variable.
      NODE_EXTRA_CA_CERTS: tls.ca,
    }),
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
}

/** A folder's name may hold a quote. */
function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function asText(urls: SandboxUrls, tls: TlsFiles | undefined): string {
  const rows = [
    ["Service", "On the gateway", "On its own port"],
    ["PDS", `${urls.gateway}/pds`, urls.pds],
    ["PDS tokens", `${urls.gateway}/token`, urls.pdsToken],
    ["SDS", `${urls.gateway}/sds`, urls.sds],
    ["SDS by LDAP", "", urls.ldap],
    ["SSP", `${urls.gateway}/ssp`, urls.ssp],
    ["Visitors & Migrants", `${urls.gateway}/vm`, urls.vm],
    ["Practices", "through SSP only", urls.practices],
    ["Console", `${urls.gateway}/`, ""],
    ["Control", controlUrl(urls), ""],
  ] as const;
  const table = rows.map(([name, gateway, own]) =>
    `  ${name.padEnd(20)}${gateway.padEnd(33)}${own}`.trimEnd(),
  );
  return `
The Spine sandbox is ready. All data is synthetic.

${table.join("\n")}
${tls ? asTextFiles(tls) : ""}
Try it:

  curl -s ${tls ? `--cacert ${quote(tls.ca)} ` : ""}${urls.gateway}/pds/Patient/9000000009 -H "x-request-id: 0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10"

Ctrl-C stops it. See docs/sandbox.md.
`;
}

function asTextFiles(tls: TlsFiles): string {
  return `
  Authority           ${tls.ca}
  Client certificate  ${tls.clientCert} (required by SSP, V&M and LDAP)
  Client key          ${tls.clientKey}
  Revocation list     ${tls.crl}
`;
}

function controlUrl({ gateway }: SandboxUrls): string {
  return `${gateway}/__sandbox`;
}
